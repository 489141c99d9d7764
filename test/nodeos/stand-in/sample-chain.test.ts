import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../../src/nodeos/stand-in/snapshot-file.ts';
import { runSlice, sample, startHash, stopHash } from './sample.ts';

type Entry = Record<string, unknown>;

function manifest(path: string): Entry[] {
  return JSON.parse(readFileSync(path, 'utf8')) as Entry[];
}

describe('a sample chain', () => {
  it('is laid out like a real one', async () => {
    const { chain, folder } = await sample({ compress: true, name: 'demo', blocksBeyond: 10 });
    expect(readdirSync(folder)).toEqual(['blocks', 'genesis.json', 'manifest.json', 'snapshots']);
    expect(readdirSync(join(folder, 'blocks')).filter((name) => name.endsWith('.log.zst'))).toEqual([
      'blocks-1-70.log.zst',
      'blocks-141-210.log.zst',
      'blocks-211-280.log.zst',
      'blocks-281-310.log.zst',
      'blocks-71-140.log.zst',
    ]);
    expect(readdirSync(join(folder, 'snapshots'))).toEqual([
      'snapshot-2026-01-01-00-demo-v8-0000000100.bin.zst',
      'snapshot-2026-01-01-00-demo-v8-0000000200.bin.zst',
    ]);
    expect(manifest(chain.manifestPath)).toEqual([
      {
        start_block_id: 0,
        end_block_id: 100,
        snapshot_path: '',
        storage_type: 'filesystem',
        expected_integrity_hash: chain.hashAt(100),
        spring_version: '1.2.2',
        genesis_path: 'genesis.json',
        blocks_path: 'blocks',
      },
      ...[100, 200].map((block) => ({
        start_block_id: block,
        end_block_id: block + 100,
        snapshot_path: `snapshots/snapshot-2026-01-01-00-demo-v8-0000000${block}.bin.zst`,
        storage_type: 'filesystem',
        expected_integrity_hash: chain.hashAt(block + 100),
        spring_version: '1.2.2',
      })),
    ]);
  });

  it('has the snapshot version of its product', async () => {
    const { folder } = await sample({ version: '5.0.3', compress: true });
    const path = join(folder, 'snapshots/snapshot-2026-01-01-00-sample-v6-0000000100.bin.zst');
    const result = readSnapshot(zstdDecompressSync(readFileSync(path)));
    expect(result).toMatchObject({
      ok: true,
      snapshot: { version: 6, block: 100, producer: 'eosio', hasGoodMarker: true },
    });
  });

  it('can leave the hashes to be learned, and stand on a web server', async () => {
    const { chain } = await sample({
      knownHashes: false,
      baseUrl: 'http://127.0.0.1:9/',
      fromGenesis: false,
    });
    expect(manifest(chain.manifestPath)[0]).toMatchObject({
      start_block_id: 100,
      expected_integrity_hash: '',
      storage_type: 'http',
      snapshot_path: 'http://127.0.0.1:9/snapshots/snapshot-2026-01-01-00-sample-v8-0000000100.bin',
    });
  });

  it('is the same again for the same options, and another for another time', async () => {
    const [one, two, other] = await Promise.all([
      sample(),
      sample(),
      sample({ genesisTime: '2026-02-01T00:00:00.000' }),
    ]);
    const log = (folder: string): Buffer => readFileSync(join(folder, 'blocks/blocks-71-140.log'));
    expect(log(one.folder)).toEqual(log(two.folder));
    expect(one.chain.chainId).not.toBe(other.chain.chainId);
    expect(one.chain.hashAt(100)).not.toBe(other.chain.hashAt(100));
  });

  it.each(['1.2.2', '5.0.3'])('verifies slice by slice with %s', async (version) => {
    const made = await sample({ version });
    const startHashes: (string | undefined)[] = [];
    for (const { startBlock, endBlock, hash } of made.chain.slices) {
      const ended = await runSlice(made, { start: startBlock, end: endBlock, version });
      expect(ended.exit).toBe(0);
      expect(stopHash(ended)).toBe(hash);
      startHashes.push(startHash(ended));
    }
    expect(startHashes).toEqual([1, 100, 200].map(made.chain.hashAt));
  });

  it('with a damaged snapshot gives another start hash and another end hash, also after a restart', async () => {
    const made = await sample({ damagedSnapshot: 200, version: '5.0.3' });
    const first = await runSlice(made, { start: 200, end: 300, version: '5.0.3' });
    expect(first.exit).toBe(0);
    expect(startHash(first)).not.toBe(made.chain.hashAt(200));
    expect(stopHash(first)).not.toBe(made.chain.hashAt(300));
    const again = await runSlice(made, { end: 300, version: '5.0.3', folder: first.folder });
    expect(startHash(again)).toBe(stopHash(first));
    const other = await runSlice(made, { start: 100, end: 200, version: '5.0.3' });
    expect(stopHash(other)).toBe(made.chain.hashAt(200));
  });
});
