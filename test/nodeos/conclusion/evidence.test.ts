import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conclude } from '../../../src/nodeos/conclusion/conclusion.ts';
import { emptyObservation, observe } from '../../../src/nodeos/log/observation.ts';
import { observeAll, trueHash } from '../log/recorded.ts';
import { runCase, runCases, type RunCase } from './cases.ts';

const LEAP = 'leap-5.0.3/logs/slices/slice-1/a-replay';
const LEAP_GENESIS = 'leap-5.0.3/logs/slices/slice-0-genesis/a-replay';
const SPRING = 'spring-1.2.2/logs/slices/slice-2/a-replay';
const SPRING_GENESIS = 'spring-1.2.2/logs/slices/genesis-slice/a-replay';
const SPRING_PEERS = 'spring-1.2.2/logs/p2p/slice-4-savanna.a-sync';

const REACHED = /reached configured maximum block/i;
const CHAIN_HEAD = /Writing chain_head block/;

function without(run: RunCase, ...patterns: RegExp[]): ReturnType<typeof conclude> {
  const lines = run.lines.filter((line) => !patterns.some((pattern) => pattern.test(line)));
  expect(lines.length).toBeLessThan(run.lines.length);
  return conclude({ ...run.facts, observation: observeAll(lines) });
}

describe('a success without one of its lines is none', () => {
  test.each([
    [LEAP, 'the snapshot was loaded', /Snapshot loaded/],
    [LEAP, 'its hash', /chain database started with hash/],
    [LEAP, 'the end block was reached', REACHED],
    [LEAP, 'the head after the replay', /Blockchain started/],
    [LEAP, 'the final hash', /chain database stopped with hash/],
    [LEAP_GENESIS, 'the chain was begun from genesis', /Initializing new blockchain/],
    [LEAP_GENESIS, 'the end block was reached', REACHED],
    [LEAP_GENESIS, 'the final hash', /chain database stopped with hash/],
    [SPRING, 'the snapshot was loaded', /Snapshot loaded/],
    [SPRING, 'its hash', /chain database started with hash/],
    [SPRING, 'the final hash', /chain database stopped with hash/],
    [SPRING_GENESIS, 'the chain was begun from genesis', /Initializing new blockchain/],
    [SPRING_GENESIS, 'the final hash', /chain database stopped with hash/],
    [SPRING_PEERS, 'the final hash', /chain database stopped with hash/],
  ])('%s: %s', (name, _what, pattern) => {
    const run = runCase(name);
    expect(conclude(run.facts).ok).toBe(true);
    expect(without(run, pattern).ok).toBe(false);
  });

  test.each([SPRING, SPRING_GENESIS, SPRING_PEERS])(
    '%s: Spring names its head twice; one of the two is enough, none is not',
    (name) => {
      const run = runCase(name);
      expect(without(run, REACHED)).toMatchObject({ ok: true, head: run.facts.endBlock });
      expect(without(run, CHAIN_HEAD)).toMatchObject({ ok: true, head: run.facts.endBlock });
      expect(without(run, REACHED, CHAIN_HEAD)).toMatchObject({ ok: false, cause: 'no-evidence' });
    },
  );
});

// One run of each kind is enough for what follows, and keeps it fast.
const completed = runCases().filter(
  ({ name, facts }) => conclude(facts).ok && /\/(?:slices|p2p|split-logs\/s[19])\b/.test(name),
);

/** Whether a conclusion claims something that is not so. */
function isWrong({ name, facts }: RunCase, observation: RunCase['facts']['observation']): boolean {
  const conclusion = conclude({ ...facts, observation, needsStopHash: true });
  return conclusion.ok && conclusion.endHash !== trueHash(name, facts.endBlock);
}

type Edit = 'keep' | 'drop' | 'repeat' | 'cut';

const EDITS: Readonly<Record<Edit, (line: string) => string[]>> = {
  keep: (line) => [line],
  drop: () => [],
  repeat: (line) => [line, line],
  // At a space: numbers and hashes stay whole or go.
  cut: (line) => [line.slice(0, Math.max(0, line.lastIndexOf(' ')))],
};

describe('what happens to the log of a completed run never makes a wrong success of it', () => {
  test.each(completed)('$name: cut off after any line', (run) => {
    let observation = emptyObservation;
    for (const line of run.lines) {
      observation = observe(observation, line);
      expect(isWrong(run, observation)).toBe(false);
    }
  });

  test.each(completed)('$name: lines lost, repeated and damaged', (run) => {
    const edit = fc.constantFrom<Edit>('keep', 'keep', 'keep', 'drop', 'repeat', 'cut');
    fc.assert(
      fc.property(fc.array(edit, { minLength: run.lines.length, maxLength: run.lines.length }), (edits) => {
        const lines = run.lines.flatMap((line, i) => EDITS[edits[i] ?? 'keep'](line));
        expect(isWrong(run, observeAll(lines))).toBe(false);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  test('the logs of two runs after each other are not the log of one', () => {
    const first = runCase('spring-1.2.2/logs/slices/slice-1/a-replay');
    const second = runCase(SPRING);
    const lines = [...first.lines, ...second.lines];
    for (const { facts } of [first, second])
      expect(conclude({ ...facts, observation: observeAll(lines) })).toMatchObject({
        ok: false,
        cause: 'no-evidence',
        message: expect.stringContaining('contradicts itself'),
      });
  });
});

test('the same log is a failure as soon as the process did not end by itself with 0', () => {
  for (const { facts } of completed) {
    expect(conclude({ ...facts, exit: { code: 254, signal: null } }).ok).toBe(false);
    expect(conclude({ ...facts, exit: { code: null, signal: 'SIGKILL' } }).ok).toBe(false);
    expect(conclude({ ...facts, exit: { code: null, signal: null } }).ok).toBe(false);
    expect(conclude({ ...facts, endedByUs: 'stalled' })).toMatchObject({ ok: false, cause: 'stalled' });
    expect(conclude({ ...facts, endedByUs: 'interrupted' })).toMatchObject({
      ok: false,
      cause: 'interrupted',
    });
  }
});

test('the same log is a failure for any other slice', () => {
  for (const { facts } of completed) {
    expect(conclude({ ...facts, endBlock: facts.endBlock + 1 }).ok).toBe(false);
    expect(conclude({ ...facts, endBlock: facts.endBlock - 1 }).ok).toBe(false);
    expect(conclude({ ...facts, startBlock: facts.startBlock + 1, fromGenesis: false }).ok).toBe(false);
    expect(conclude({ ...facts, fromGenesis: !facts.fromGenesis }).ok).toBe(false);
  }
});

describe('Leap after a sync from peers', () => {
  const run = runCase('leap-5.0.3/logs/p2p/slice-2.a-sync');

  test('does not tell at which block its hash was taken: the hash does not count', () => {
    expect(conclude({ ...run.facts, needsStopHash: false })).toEqual({
      ok: true,
      startHash: trueHash(run.name, 2002),
      endHash: null,
      head: 3005,
      headId: null,
    });
    expect(conclude({ ...run.facts, needsStopHash: true })).toEqual({
      ok: false,
      cause: 'no-evidence',
      message:
        'nodeos reached the end block 3005, but does not tell at which block the printed hash was taken',
      hint: 'Leap does not after a sync from peers: use --final-hash restart.',
    });
  });

  test('that took a block beyond the end is a failure', () => {
    const received = run.lines.find((line) => line.includes('Received block')) ?? '';
    const lines = [...run.lines, received.replace('#3000', '#3006')];
    expect(conclude({ ...run.facts, observation: observeAll(lines) })).toMatchObject({
      ok: false,
      message: expect.stringContaining('went on to block 3006, past the end block 3005'),
    });
  });
});
