import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { Product } from '../../../src/nodeos/product.ts';
import { replaySlice } from '../../../src/nodeos/driver/replay-slice.ts';
import type { SliceRun } from '../../../src/nodeos/driver/replay-slice.ts';
import { defaultTools } from '../../../src/nodeos/driver/replay-slice-tools.ts';
import { writeStandInWrapper } from '../../../src/nodeos/stand-in/wrapper.ts';
import type { StandInWrapper } from '../../../src/nodeos/stand-in/wrapper.ts';

export const FIXTURES = resolve(import.meta.dirname, '../../fixtures/nodeos');
export const ENTRY = resolve(import.meta.dirname, '../stand-in/entry.ts');
export const CHAINS = {
  spring: { folder: 'spring-1.2.2', version: '1.2.2' },
  leap: { folder: 'leap-5.0.3', version: '5.0.3' },
};

export interface Wanted {
  product: Product;
  startBlock: number;
  endBlock: number;
  /** Which of the stride files are given to nodeos; by default one more than it needs. */
  files?: string[];
  standIn?: Partial<StandInWrapper>;
  run?: Partial<SliceRun>;
  graceMs?: number;
}

/** Prepares the folder of an attempt as a worker does, and starts the driver on it. */
export async function replay(wanted: Wanted) {
  const directory = await mkdtemp(join(tmpdir(), 'replay-stand-in-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const chain = CHAINS[wanted.product];
  const source = join(FIXTURES, chain.folder);
  const nodeosPath = await writeStandInWrapper(join(directory, 'bin'), {
    command: [process.execPath, ENTRY],
    version: chain.version,
    hashes: join(FIXTURES, 'recorded-hashes.json'),
    ...wanted.standIn,
  });
  await copyBlocks(
    join(source, 'blocks'),
    join(directory, 'data/blocks/retained'),
    wanted.files ?? ['1-1000', '1001-2000', '2001-3000'],
  );
  const events: string[] = [];
  const stop = new AbortController();
  const outcome = replaySlice(
    {
      nodeosPath,
      product: wanted.product,
      directory,
      start:
        wanted.startBlock === 0
          ? { kind: 'genesis', path: join(source, 'genesis.json') }
          : { kind: 'snapshot', path: await snapshotAt(source, wanted.startBlock, directory) },
      startBlock: wanted.startBlock,
      endBlock: wanted.endBlock,
      hasBlockFiles: true,
      peers: [],
      options: [],
      configLines: [],
      finalHash: 'auto',
      limits: { loadMs: 15_000, replayStallMs: 15_000, hashMs: 15_000 },
      signal: stop.signal,
      onStage: (stage) => void events.push(stage),
      onProgress: ({ block }) => void events.push(`block ${block}`),
      onStartHash: (hash) => void events.push(hash),
      ...wanted.run,
    },
    { ...defaultTools(), pollMs: 20, graceMs: wanted.graceMs ?? 5000 },
  );
  outcome.catch(() => undefined);
  return { outcome, events, directory, stop };
}

export async function copyBlocks(from: string, to: string, only: string[]): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (!only.some((range) => name.startsWith(`blocks-${range}.`))) continue;
    await writeFile(
      join(to, name.replace(/\.zst$/, '')),
      zstdDecompressSync(await readFile(join(from, name))),
    );
  }
}

async function snapshotAt(source: string, block: number, directory: string): Promise<string> {
  const folder = join(source, 'snapshots');
  const name = (await readdir(folder)).find((each) =>
    each.includes(`${String(block).padStart(10, '0')}.bin`),
  )!;
  const path = join(directory, 'snapshot.bin');
  await writeFile(path, zstdDecompressSync(await readFile(join(folder, name))));
  return path;
}

export async function expectedHash(product: Product, endBlock: number): Promise<string> {
  const manifest = await readFile(join(FIXTURES, CHAINS[product].folder, 'manifest.json'), 'utf8');
  const slices = JSON.parse(manifest) as { end_block_id: number; expected_integrity_hash: string }[];
  return slices.find((slice) => slice.end_block_id === endBlock)!.expected_integrity_hash;
}
