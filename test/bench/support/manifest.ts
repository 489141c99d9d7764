import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a manifest as long as `slices`, with a known hash in every second slice, in a folder of its own. */
export async function writeManifest(folder: string, slices: number): Promise<string> {
  const path = join(folder, `manifest-${slices}.json`);
  await writeFile(path, `${JSON.stringify(Array.from({ length: slices }, anEntry), null, 4)}\n`);
  return path;
}

function anEntry(_: unknown, index: number): object {
  const block = index * 1_000;
  return {
    start_block_id: block,
    end_block_id: block + 1_000,
    snapshot_path:
      block === 0 ? '' : `s3://snapshots/chain/snapshot-2026-11-22-08-chain-v8-${name(block)}.bin.zst`,
    storage_type: 's3',
    expected_integrity_hash: index % 2 === 0 ? index.toString(16).padStart(64, '0') : '',
    leap_version: '5.0.3',
  };
}

function name(block: number): string {
  return String(block).padStart(10, '0');
}
