/**
 * The driver against the stand-in, with the snapshots and block files of the recorded chains: as a
 * process, with its log, its HTTP API, its exit codes and its signals.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { probeNodeos } from '../../../src/nodeos/install/probe.ts';
import type { SliceOutcome } from '../../../src/nodeos/driver/replay-slice.ts';
import { writeStandInWrapper } from '../../../src/nodeos/stand-in/wrapper.ts';
import { ENTRY, expectedHash, FIXTURES, replay } from './replay-slice-stand-in-fixture.ts';
import type { Wanted } from './replay-slice-stand-in-fixture.ts';

/** What nodeos printed in the replay. */
const logOf = (directory: string) => readFile(join(directory, 'log', 'replay.log'), 'utf8');

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
      { run: { limits: { loadMs: 3000, replayStallMs: 15_000, hashMs: 15_000 } } },
      'stalled',
      /snapshot/,
    ],
  ])('%s', async (faults, more, cause, message) => {
    const { outcome, directory } = await replay({ ...spring, ...more, standIn: { faults } });
    await expect(outcome).rejects.toMatchObject({
      failureCause: cause,
      message: expect.stringMatching(message),
    });
    expect(await logOf(directory)).not.toBe('');
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
    expect(await logOf(directory)).toMatch(/nodeos successfully exiting.*\n$/u);
  });

  test('ends one that takes no notice', async () => {
    const standIn = { ...slow.standIn, faults: 'ignore-sigterm' };
    const { outcome } = await stopInReplay({ ...slow, standIn, graceMs: 200 });
    await expect(outcome).rejects.toMatchObject({ failureCause: 'interrupted' });
  });
});
