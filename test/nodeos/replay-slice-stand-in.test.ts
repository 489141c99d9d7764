/**
 * The driver against the stand-in, with the snapshots and block files of the recorded chains: as a
 * process, with its log, its HTTP API, its exit codes and its signals.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Product } from '../../src/nodeos/product.ts';
import { reservePorts } from '../../src/nodeos/ports.ts';
import { startNodeos } from '../../src/nodeos/process.ts';
import { probeNodeos } from '../../src/nodeos/probe.ts';
import { lastLogLines, replaySlice } from '../../src/nodeos/replay-slice.ts';
import type { SliceOutcome, SliceRun } from '../../src/nodeos/replay-slice.ts';
import { defaultTools } from '../../src/nodeos/replay-slice-tools.ts';
import { writeStandInWrapper } from '../../src/nodeos/stand-in/wrapper.ts';
import type { StandInWrapper } from '../../src/nodeos/stand-in/wrapper.ts';

const FIXTURES = resolve(import.meta.dirname, '../fixtures/nodeos');
const ENTRY = resolve(import.meta.dirname, 'stand-in/entry.ts');
const CHAINS = {
  spring: { folder: 'spring-1.2.2', version: '1.2.2' },
  leap: { folder: 'leap-5.0.3', version: '5.0.3' },
};

interface Wanted {
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
async function replay(wanted: Wanted) {
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

async function copyBlocks(from: string, to: string, only: string[]): Promise<void> {
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

async function expectedHash(product: Product, endBlock: number): Promise<string> {
  const manifest = await readFile(join(FIXTURES, CHAINS[product].folder, 'manifest.json'), 'utf8');
  const slices = JSON.parse(manifest) as { end_block_id: number; expected_integrity_hash: string }[];
  return slices.find((slice) => slice.end_block_id === endBlock)!.expected_integrity_hash;
}

describe('a slice arrives at its recorded hash', () => {
  test.each<[string, Wanted, SliceOutcome['finalHashBy']]>([
    ['Spring, inside its block files', { product: 'spring', startBlock: 1006, endBlock: 2004 }, 'on-stop'],
    ['Spring, from genesis', { product: 'spring', startBlock: 0, endBlock: 1006 }, 'on-stop'],
    ['Leap, by a restart', { product: 'leap', startBlock: 1001, endBlock: 2002 }, 'restart'],
    ['Leap, from genesis', { product: 'leap', startBlock: 0, endBlock: 1001 }, 'restart'],
    [
      'Leap, from the hash at the stop',
      { product: 'leap', startBlock: 1001, endBlock: 2002, run: { finalHash: 'on-stop' } },
      'on-stop',
    ],
  ])('%s', async (_, wanted, finalHashBy) => {
    const { product, startBlock, endBlock } = wanted;
    const { outcome, events } = await replay(wanted);
    const startHash = startBlock === 0 ? null : await expectedHash(product, startBlock);
    expect(await outcome).toEqual({
      head: endBlock,
      hash: await expectedHash(product, endBlock),
      startHash,
      finalHashBy,
    });
    const known = startHash === null ? [] : [startHash];
    expect(events.filter((event) => !event.startsWith('block'))).toEqual([
      'load',
      ...known,
      'replay',
      'hash',
    ]);
    expect(events.at(-1)).toBe(`block ${endBlock}`);
  });

  test('the probe says that it is the stand-in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'replay-stand-in-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = await writeStandInWrapper(folder, { command: [process.execPath, ENTRY], version: '5.0.3' });
    expect(await probeNodeos(path)).toEqual({ version: 'v5.0.3-stand-in', product: 'leap', standIn: true });
  });
});

describe('a slice synced from a peer arrives at its recorded hash', () => {
  /** A node with the whole chain that serves its blocks. */
  async function peer(product: Product): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'replay-peer-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { folder: name, version } = CHAINS[product];
    await copyBlocks(join(FIXTURES, name, 'blocks'), join(folder, 'data/blocks/retained'), [
      '1-1000',
      '1001-2000',
      '2001-3000',
    ]);
    const reserved = await reservePorts(2, () => Math.random());
    onTestFinished(() => reserved.release());
    const [httpPort, p2pPort] = reserved.ports;
    await writeFile(
      join(folder, 'config.ini'),
      `http-server-address = 127.0.0.1:${httpPort}\np2p-listen-endpoint = 127.0.0.1:${p2pPort}\nblocks-retained-dir = retained\nplugin = eosio::chain_api_plugin\n`,
    );
    const path = await writeStandInWrapper(join(folder, 'bin'), {
      command: [process.execPath, ENTRY],
      version,
    });
    let listening!: () => void;
    const ready = new Promise<void>((done) => (listening = done));
    const node = await startNodeos({
      path,
      args: ['--data-dir', join(folder, 'data'), '--config-dir', folder],
      directory: folder,
      logFile: join(folder, 'peer.log'),
      graceMs: 1000,
      onLine: (line) => line.includes('start listening on') && line.includes('API categories') && listening(),
    });
    onTestFinished(() => node.stop());
    await ready;
    return `127.0.0.1:${p2pPort}`;
  }

  test.each<[Product, number, number, boolean]>([
    ['spring', 1006, 2004, false],
    ['leap', 1001, 2002, false],
    ['spring', 1006, 2004, true],
  ])('%s %i to %i (beginning with block files: %s)', async (product, startBlock, endBlock, hasBlockFiles) => {
    const address = await peer(product);
    const files = hasBlockFiles ? ['1001-2000'] : [];
    const { outcome } = await replay({
      product,
      startBlock,
      endBlock,
      files,
      run: { hasBlockFiles, peers: [address] },
    });
    expect(await outcome).toMatchObject({ head: endBlock, hash: await expectedHash(product, endBlock) });
  });
});

describe('a fault of nodeos is told by its cause', () => {
  const spring = { product: 'spring' as const, startBlock: 1006, endBlock: 2004 };

  test.each<[string, Partial<Wanted>, string, string | RegExp]>([
    ['crash@1500', {}, 'nodeos-crash', /SIGABRT/],
    ['sigbus@1500', {}, 'disk-full', /SIGBUS/],
    ['oom@1500', {}, 'out-of-memory', /SIGKILL/],
    ['exit-0@1500', {}, 'no-evidence', /2004/],
    ['exit-0-no-hash', {}, 'no-evidence', /hash/],
    ['disk-full@1500', {}, 'disk-full', /threshold/],
    ['head-beyond', {}, 'no-evidence', /2007/],
    ['dirty-state', {}, 'nodeos-crash', /dirty/],
    ['http-wrong-head', { product: 'leap', startBlock: 1001, endBlock: 2002 }, 'no-evidence', /2001/],
    ['port-in-use', { product: 'leap', startBlock: 1001, endBlock: 2002 }, 'nodeos-crash', /port/],
    [
      'hang@1500',
      { run: { limits: { loadMs: 15_000, replayStallMs: 500, hashMs: 15_000 } } },
      'stalled',
      /replay/,
    ],
    [
      'silent-load',
      { run: { limits: { loadMs: 700, replayStallMs: 15_000, hashMs: 15_000 } } },
      'stalled',
      /snapshot/,
    ],
  ])('%s', async (faults, more, cause, message) => {
    const { outcome, directory } = await replay({ ...spring, ...more, standIn: { faults } });
    await expect(outcome).rejects.toMatchObject({
      failureCause: cause,
      message: expect.stringMatching(message),
    });
    expect((await lastLogLines(directory, 5)).length).toBeGreaterThan(0);
    expect(existsSync(join(directory, 'nodeos.pid'))).toBe(false);
  });

  test('wrong-hash: it is reported as it is, and judged elsewhere', async () => {
    const { outcome } = await replay({ ...spring, standIn: { faults: 'wrong-hash@1500' } });
    const { hash } = await outcome;
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(hash).not.toBe(await expectedHash('spring', 2004));
  });

  test('block files that end too early are found before anything waits', async () => {
    const { outcome } = await replay({ ...spring, files: ['1001-2000'] });
    await expect(outcome).rejects.toMatchObject({
      failureCause: 'blocks-log',
      message: expect.stringContaining('up to 2000 only'),
    });
  });

  test('a snapshot that is none', async () => {
    const path = join(FIXTURES, 'spring-1.2.2/genesis.json');
    const { outcome } = await replay({ ...spring, run: { start: { kind: 'snapshot', path } } });
    await expect(outcome).rejects.toMatchObject({ failureCause: 'corrupt-snapshot' });
  });

  test('a restart on Spring fails, and the hint says what to use', async () => {
    const { outcome } = await replay({ ...spring, run: { finalHash: 'restart' } });
    await expect(outcome).rejects.toMatchObject({ hint: expect.stringContaining('--final-hash on-stop') });
  });
});

describe('a worker that is told to stop', () => {
  const slow = {
    product: 'spring' as const,
    startBlock: 1006,
    endBlock: 2004,
    standIn: { blocksPerSecond: 200 },
  };

  async function stopInReplay(wanted: Wanted) {
    let replaying!: () => void;
    const inReplay = new Promise<void>((done) => (replaying = done));
    const started = await replay({
      ...wanted,
      run: { onStage: (stage) => stage === 'replay' && replaying() },
    });
    await inReplay;
    started.stop.abort();
    return started;
  }

  test('stops nodeos in order', async () => {
    const { outcome, directory } = await stopInReplay(slow);
    await expect(outcome).rejects.toMatchObject({ failureCause: 'interrupted' });
    expect((await lastLogLines(directory, 1))[0]).toContain('nodeos successfully exiting');
  });

  test('ends one that takes no notice', async () => {
    const standIn = { ...slow.standIn, faults: 'ignore-sigterm' };
    const { outcome } = await stopInReplay({ ...slow, standIn, graceMs: 200 });
    await expect(outcome).rejects.toMatchObject({ failureCause: 'interrupted' });
  });
});
