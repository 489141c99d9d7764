import { describe, expect, it } from 'vitest';
import { describeLocation } from '../../../src/core/storage/location.ts';
import { locateJobFiles } from '../../../src/core/worker/job-files.ts';
import { fullRecord } from '../protocol/records.ts';

function located(changes: Parameters<typeof fullRecord>[0]): Record<string, string | null> {
  const files = locateJobFiles(fullRecord(changes));
  return Object.fromEntries(
    Object.entries(files).map(([name, place]) => [name, place === null ? null : describeLocation(place)]),
  );
}

const GENESIS = { start_block_num: 0, end_block_num: 1000, snapshot_path: '' };

describe('the files of a slice', () => {
  it.each([
    [
      'blocks stand beside the folder of the snapshot',
      { snapshot_path: 's3://bucket/eos/snapshots/s.bin.zst' },
      { snapshot: 's3://bucket/eos/snapshots/s.bin.zst', genesis: null, blocks: 's3://bucket/eos/blocks' },
    ],
    [
      'or where blocks_path says',
      { snapshot_path: '/eos/snapshots/s.bin', blocks_path: 'https://blocks.example/eos' },
      { snapshot: '/eos/snapshots/s.bin', blocks: 'https://blocks.example/eos' },
    ],
    [
      'a genesis that is named',
      { ...GENESIS, genesis_path: '/eos/genesis.json' },
      { snapshot: null, genesis: '/eos/genesis.json', blocks: '/eos/blocks' },
    ],
    [
      'a genesis that is looked for beside the blocks',
      { ...GENESIS, blocks_path: '/eos/blocks' },
      { snapshot: null, genesis: null, blocks: '/eos/blocks', chainFolder: '/eos' },
    ],
    [
      'a genesis in the place of the snapshot',
      { ...GENESIS, snapshot_path: 'https://x.example/eos/eos-genesis.json' },
      {
        snapshot: null,
        genesis: 'https://x.example/eos/eos-genesis.json',
        blocks: 'https://x.example/eos/blocks',
      },
    ],
    [
      'a genesis of which nothing is said',
      GENESIS,
      { snapshot: null, genesis: null, blocks: null, chainFolder: null },
    ],
  ])('%s', (_name, changes, expected) => {
    expect(located(changes)).toMatchObject(expected);
  });

  it.each([
    [{ snapshot_path: '' }, 'names no snapshot'],
    [{ snapshot_path: 'ftp://x/y' }, 'unknown scheme'],
  ])('%j can never work', (changes, message) => {
    expect(() => located(changes)).toThrow(
      expect.objectContaining({ failureCause: 'bad-job', message: expect.stringContaining(message) }),
    );
  });
});
