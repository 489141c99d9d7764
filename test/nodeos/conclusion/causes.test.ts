import { describe, expect, test } from 'vitest';
import { conclude, concludeRestart, type RunFacts } from '../../../src/nodeos/conclusion/conclusion.ts';
import { observeAll } from '../log/recorded.ts';
import { restartCases, runCase } from './cases.ts';

const SPRING = 'spring-1.2.2/logs/slices/slice-2/a-replay';

/** A Spring run over 2004 to 3006 as far as the first line that has this text. */
function runUntil(text: string, changes: Partial<RunFacts> = {}): RunFacts {
  const { lines, facts } = runCase(SPRING);
  const at = lines.findIndex((line) => line.includes(text));
  return { ...facts, observation: observeAll(lines.slice(0, at + 1)), ...changes };
}

describe('how the process ended', () => {
  test.each([
    ['SIGBUS', 135, 'disk-full', /SIGBUS at block 2500: most likely the disk was full/],
    ['SIGXFSZ', 153, 'disk-full', /a file grew beyond the limit/],
    ['SIGKILL', 137, 'out-of-memory', /SIGKILL at block 2500, and not by this worker/],
    ['SIGHUP', 129, 'no-evidence', /SIGHUP at block 2500, and not by this worker/],
    ['SIGTERM', 143, 'no-evidence', /SIGTERM/],
    ['SIGSEGV', 139, 'nodeos-crash', /ended by SIGSEGV at block 2500/],
    ['SIGABRT', 134, 'nodeos-crash', /ended by SIGABRT/],
    ['SIGUSR1', 138, 'nodeos-crash', /ended by SIGUSR1/],
  ] as const)('%s, as a signal or as exit code %i: %s', (signal, code, cause, message) => {
    const expected = { ok: false, cause, message: expect.stringMatching(message) };
    expect(conclude(runUntil('2500 of', { exit: { code: null, signal } }))).toMatchObject(expected);
    expect(conclude(runUntil('2500 of', { exit: { code, signal: null } }))).toMatchObject(expected);
  });

  test.each([
    [1, 'out-of-memory', 'nodeos could not get memory (exit code 1) at block 2500, without an error message'],
    [3, 'nodeos-crash', 'nodeos ended with exit code 3 at block 2500, without an error message'],
    [254, 'nodeos-crash', 'nodeos ended with exit code 254 at block 2500, without an error message'],
    [255, 'nodeos-crash', 'nodeos ended with exit code 255 at block 2500, without an error message'],
  ] as const)('exit code %i without a word: %s', (code, cause, message) => {
    expect(conclude(runUntil('2500 of', { exit: { code, signal: null } }))).toMatchObject({ cause, message });
  });

  test('by us, on request: given back, whatever else it looks like', () => {
    for (const exit of [
      { code: 0, signal: null },
      { code: null, signal: 'SIGKILL' },
      { code: 254, signal: null },
    ])
      expect(conclude(runUntil('2500 of', { exit, endedByUs: 'interrupted' }))).toMatchObject({
        ok: false,
        cause: 'interrupted',
        message: 'nodeos was stopped on request at block 2500',
      });
  });
});

describe('nothing moved any more', () => {
  const stalled = { endedByUs: 'stalled', stalledForMs: 900_000, exit: { code: 0, signal: null } } as const;

  test.each([
    [
      'Starting initialization',
      'load',
      'nothing moved in loading the snapshot for 900 s, while loading the snapshot: nodeos is alive but prints nothing',
    ],
    [
      '2500 of',
      'replay',
      'nothing moved in the replay for 900 s, at block 2500: nodeos is alive but replays no further block',
    ],
    [
      'reached configured',
      'hash',
      'nothing moved in the final hash for 900 s, at block 3006: ' +
        'nodeos has reached the end block 3006, but neither writes its state nor ends',
    ],
  ] as const)('after "%s"', (text, stalledStage, message) => {
    expect(conclude(runUntil(text, { ...stalled, stalledStage }))).toMatchObject({
      cause: 'stalled',
      message,
    });
  });
});

describe('a slice that cannot work as it is written', () => {
  test('its snapshot is of another block: not a damaged file, and the same at every attempt', () => {
    expect(conclude(runUntil('exiting', { startBlock: 1006 }))).toEqual({
      ok: false,
      cause: 'bad-job',
      message: 'the snapshot is of block 2004, and the slice starts at 1006',
      hint: 'Correct snapshot_path or start_block_id of this slice.',
    });
  });

  test('it starts from genesis, and a snapshot was loaded; and the other way round', () => {
    expect(conclude(runUntil('exiting', { startBlock: 0, fromGenesis: true }))).toMatchObject({
      cause: 'bad-job',
      message: 'nodeos loaded a snapshot, and the slice starts from genesis',
    });
    const { facts } = runCase('spring-1.2.2/logs/slices/genesis-slice/a-replay');
    expect(conclude({ ...facts, startBlock: 500, fromGenesis: false })).toMatchObject({
      cause: 'bad-job',
      message: 'nodeos began a new chain from a genesis, and the slice starts at 500',
    });
  });
});

test('a disk that is nearly full is no failure when the slice was done all the same', () => {
  const { facts } = runCase('spring-1.2.2/logs/failures/disk-nearly-full-resource-monitor-default/a');
  expect(conclude(facts).ok).toBe(true);
});

describe('the read-only run', () => {
  const good = restartCases().find(({ name }) => name.endsWith('slices-trimmed-log/slice-1/b-readonly'));
  if (good === undefined) throw new Error('the recorded read-only run is missing');
  const { facts } = good;
  const answer = facts.answer as { head_block_id: string; integrity_hash: string };

  test('counts when head, id and printed hash agree with the answer', () => {
    expect(concludeRestart(facts)).toEqual({
      ok: true,
      endHash: answer.integrity_hash,
      headId: answer.head_block_id,
    });
  });

  test.each([
    [
      'another node answered, on another fork',
      { answer: { ...answer, head_block_id: answer.head_block_id.replace(/.$/, 'f') } },
    ],
    ['another node answered, with another hash', { answer: { ...answer, integrity_hash: '0'.repeat(64) } }],
    ['the head is not the end block', { endBlock: 2005 }],
    ['it went on from another state', { headId: `000007d4${'0'.repeat(56)}` }],
    ['the answer is an error', { answer: { code: 500, message: 'Internal Service Error' } }],
    ['nothing links the answer to it', { headId: null, observation: observeAll([]) }],
  ])('does not count when %s', (_what, changes) => {
    expect(concludeRestart({ ...facts, ...changes })).toMatchObject({ ok: false, cause: 'no-evidence' });
  });

  test.each([
    ['interrupted', 'nodeos was stopped on request at block 2004'],
    ['stalled', 'the read-only run did not answer get_integrity_hash for 60 s'],
  ] as const)('ended by us: %s', (endedByUs, message) => {
    const ended = {
      ...facts,
      answer: undefined,
      exit: { code: 0, signal: null },
      endedByUs,
      stalledForMs: 60_000,
    };
    expect(concludeRestart(ended)).toMatchObject({ ok: false, cause: endedByUs, message });
  });
});
