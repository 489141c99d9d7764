import { mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openSource } from '../../../src/core/storage/source.ts';
import { locateJobFiles } from '../../../src/core/worker/job-files.ts';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { prepareBlocks } from '../../../src/core/worker/prepare-blocks.ts';
import type { PrepareContext } from '../../../src/core/worker/prepare-context.ts';
import { prepareStart } from '../../../src/core/worker/prepare-start.ts';
import { writeSampleChain } from '../../../src/nodeos/stand-in/sample-chain.ts';
import { fullRecord } from '../protocol/records.ts';

let chain: string;
let context: PrepareContext;
let fetched: { done: number; total: number | null } | null;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'replay-prepare-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  chain = join(folder, 'chain');
  // Blocks 1 to 220 or more in files of 80; snapshots at 100 and 200.
  await writeSampleChain({ folder: chain, slices: 2, blocksPerSlice: 100, stride: 80, version: '1.2.2' });
  fetched = null;
  const source = openSource();
  context = {
    source,
    directory: join(folder, 'attempt'),
    signal: new AbortController().signal,
    onBytes: (bytes) => {
      fetched = bytes;
    },
  };
  await mkdir(context.directory);
});

async function jobAt(startBlock: number, endBlock: number): Promise<FullJobRecord> {
  const snapshots = await readdir(join(chain, 'snapshots'));
  const snapshot = snapshots.find((name) => name.includes(String(startBlock).padStart(10, '0')));
  return fullRecord({
    start_block_num: startBlock,
    end_block_num: endBlock,
    snapshot_path: startBlock === 0 ? '' : join(chain, 'snapshots', snapshot ?? 'missing'),
    blocks_path: startBlock === 0 ? join(chain, 'blocks') : null,
  });
}

async function blocksOf(job: FullJobRecord, peers: string[] = []): Promise<string[]> {
  const { hasBlockFiles } = await prepareBlocks(job, locateJobFiles(job).blocks, peers, context);
  const retained = join(context.directory, 'data', 'blocks', 'retained');
  const names = await readdir(retained).catch(() => []);
  expect(hasBlockFiles).toBe(names.length > 0);
  return names.filter((name) => name.endsWith('.log')).toSorted();
}

describe('the blocks', () => {
  it('of every file that the slice needs are put where nodeos reads them, unpacked', async () => {
    await expect(blocksOf(await jobAt(100, 200))).resolves.toEqual([await lastLog(), 'blocks-81-160.log']);
    expect(fetched?.total).toBe(fetched?.done);
  });

  it('that are missing at the end are a failure', async () => {
    await removeBlocks('161-');
    await expect(blocksOf(await jobAt(100, 200))).rejects.toMatchObject({
      failureCause: 'blocks-log',
      message: expect.stringContaining('do not hold blocks 161 to 200'),
      hint: expect.stringContaining('--peer'),
    });
  });

  it('that are missing at the end are left to a peer', async () => {
    await removeBlocks('161-');
    await expect(blocksOf(await jobAt(100, 200), ['peer:9876'])).resolves.toEqual(['blocks-81-160.log']);
  });

  it('of which there are none are left to a peer', async () => {
    await rm(join(chain, 'blocks'), { recursive: true });
    await expect(blocksOf(await jobAt(100, 200), ['peer:9876'])).resolves.toEqual([]);
  });

  it('of which there are none, without a peer, are a failure', async () => {
    await rm(join(chain, 'blocks'), { recursive: true });
    await expect(blocksOf(await jobAt(100, 200))).rejects.toMatchObject({ failureCause: 'blocks-log' });
  });

  it('of a file with another name than it should have are a failure', async () => {
    const blocks = join(chain, 'blocks');
    for (const name of await readdir(blocks)) {
      if (name.includes('-81-160.'))
        await rename(join(blocks, name), join(blocks, name.replace('81-160', '82-160')));
    }
    await expect(blocksOf(await jobAt(100, 200))).rejects.toMatchObject({
      failureCause: 'blocks-log',
      message: expect.stringContaining('its first block is 81, expected 82'),
    });
  });

  async function removeBlocks(range: string): Promise<void> {
    const blocks = join(chain, 'blocks');
    for (const name of await readdir(blocks)) {
      if (name.includes(`blocks-${range}`)) await rm(join(blocks, name));
    }
  }

  async function lastLog(): Promise<string> {
    const names = await readdir(join(chain, 'blocks'));
    return (
      names.find((name) => name.startsWith('blocks-161-') && name.includes('.log'))?.replace('.zst', '') ?? ''
    );
  }
});

describe('the start', () => {
  async function startOf(job: FullJobRecord): ReturnType<typeof prepareStart> {
    return prepareStart(job, locateJobFiles(job), context);
  }

  it('is the snapshot, unpacked', async () => {
    const start = await startOf(await jobAt(100, 200));
    expect(start).toEqual({ kind: 'snapshot', path: join(context.directory, 'snapshot.bin') });
    expect((await readFile(start.path)).subarray(0, 4)).not.toEqual(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]));
  });

  it('is the genesis file beside the folders', async () => {
    const start = await startOf(await jobAt(0, 100));
    expect(start.kind).toBe('genesis');
    expect(await readFile(start.path, 'utf8')).toBe(await readFile(join(chain, 'genesis.json'), 'utf8'));
  });

  it('is the only file that is named after a chain', async () => {
    await writeFile(join(chain, 'eos-genesis.json'), '{"initial_key": "", "initial_timestamp": ""}');
    const start = await startOf(await jobAt(0, 100));
    expect(await readFile(start.path, 'utf8')).toBe('{"initial_key": "", "initial_timestamp": ""}');
  });

  it('cannot be told among several', async () => {
    await writeFile(join(chain, 'eos-genesis.json'), '{}');
    await writeFile(join(chain, 'wax-genesis.json'), '{}');
    await expect(startOf(await jobAt(0, 100))).rejects.toMatchObject({
      failureCause: 'bad-job',
      message: expect.stringContaining('eos-genesis.json, wax-genesis.json'),
    });
  });

  it('from a file that is no genesis can never work', async () => {
    await writeFile(join(chain, 'genesis.json'), 'initial_key = EOS6');
    await expect(startOf(await jobAt(0, 100))).rejects.toMatchObject({
      failureCause: 'bad-job',
      message: expect.stringContaining('is not a genesis file: it is not JSON'),
    });
  });

  it('that does not exist can never work', async () => {
    await rm(join(chain, 'genesis.json'));
    await expect(startOf(await jobAt(0, 100))).rejects.toMatchObject({ failureCause: 'bad-job' });
    const missing = fullRecord({ snapshot_path: join(chain, 'snapshots', 'missing.bin') });
    await expect(startOf(missing)).rejects.toMatchObject({ failureCause: 'bad-job' });
  });

  it('that is cut off is a damaged snapshot', async () => {
    const job = await jobAt(100, 200);
    await truncate(job.snapshot_path, 100);
    await expect(startOf(job)).rejects.toMatchObject({ failureCause: 'corrupt-snapshot' });
  });
});
