import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLogLine } from '../../../src/nodeos/log/log-line.ts';
import {
  emptyObservation,
  MAX_ERRORS,
  observe,
  RUN_STAGES,
  type Observation,
} from '../../../src/nodeos/log/observation.ts';
import { allLogs, logLines, observeAll, recordedObservation } from './recorded.ts';

const LEAP = 'leap-5.0.3/logs/slices/slice-1/a-replay';
const SPRING = 'spring-1.2.2/logs/slices/slice-2/a-replay';
const LEAP_PEERS = 'leap-5.0.3/logs/p2p/slice-2.a-sync';

/** The values that a field takes over a run, without repetitions. */
function history(name: string, key: keyof Observation): unknown[] {
  const values: unknown[] = [];
  let observation = emptyObservation;
  for (const line of logLines(name)) {
    observation = observe(observation, line);
    if (values.at(-1) !== observation[key]) values.push(observation[key]);
  }
  return values;
}

describe('progress', () => {
  test('is counted in blocks that are done, never in the blocks of the log', () => {
    expect(history(SPRING, 'currentBlock')).toEqual([null, 2004, 2500, 3000, 3006]);
    expect(history(LEAP, 'currentBlock')).toEqual([null, 1001, 1500, 2000, 2002]);
    expect(recordedObservation(SPRING).logLastBlock).toBe(4000);
  });

  test('goes on with the blocks from peers', () => {
    expect(history('spring-1.2.2/logs/p2p/mixed-2004-4003.a', 'currentBlock')).toEqual([
      null,
      2004,
      2500,
      3000,
      4000,
      4003,
    ]);
    expect(history(LEAP_PEERS, 'currentBlock')).toEqual([null, 2002, 3000]);
  });

  test('of a slow snapshot is in percent', () => {
    expect(
      history('spring-1.2.2/logs/timing/throttled-snapshot-load', 'snapshotPercent').length,
    ).toBeGreaterThan(1);
  });

  test.each([
    [SPRING, ['starting', 'loading', 'replaying', 'stopping', 'exited']],
    [LEAP, ['starting', 'loading', 'replaying', 'stopping', 'exited']],
    [LEAP_PEERS, ['starting', 'loading', 'syncing', 'stopping', 'exited']],
    [
      'leap-5.0.3/logs/failures/blocklog-ends-exactly-at-end/a-replay',
      ['starting', 'loading', 'replaying', 'syncing', 'stopping', 'exited'],
    ],
  ])('%s goes through its stages in order', (name, stages) => {
    expect(history(name, 'stage')).toEqual(stages);
    expect(stages).toEqual([...RUN_STAGES].filter((stage) => stages.includes(stage)));
  });
});

test('what a completed Spring run said', () => {
  expect(recordedObservation(SPRING)).toMatchObject({
    nodeosVersion: 'v1.2.2',
    snapshotHead: { block: 2004, id: expect.stringMatching(/^000007d4/) },
    hasBlockLog: true,
    replayFrom: 2005,
    reached: { configured: 3006, head: 3006 },
    startedHead: 3006,
    chainHead: { block: 3006, id: expect.stringMatching(/^00000bbe/) },
    exitingCleanly: true,
    problems: {},
    contradictions: [],
    errors: [],
  });
});

test('what a completed Leap run said', () => {
  expect(recordedObservation(LEAP)).toMatchObject({
    nodeosVersion: 'v5.0.3',
    snapshotHead: { block: 1001, id: null },
    replayFrom: 1002,
    reached: { configured: 2002, head: null },
    startedHead: 2002,
    forkRoot: { block: 2002, id: expect.stringMatching(/^000007d2/) },
    chainHead: null,
    exitingCleanly: true,
    problems: {},
    contradictions: [],
  });
});

test('the address of the API is known once it answers', () => {
  const name = 'spring-1.2.2/logs/slices-trimmed-log/slice-1/b-readonly';
  expect(recordedObservation(name).apiAddress).toBe('127.0.0.1:28888');
  expect(recordedObservation(SPRING).apiAddress).toBeNull();
});

test('the lines below an error belong to it, those below other lines do not', () => {
  const { errors } = recordedObservation('spring-1.2.2/logs/failures/blockslog-random-bytes/a');
  expect(errors[0]).toBe('3190001 block_log_unsupported_version: unsupported version of block log');
  expect(errors[1]).toContain('Unsupported version of block log. Block log version is 343702306');
  expect(errors.join('\n')).not.toContain('redundantly set');
});

test('memory is bounded, however much a node complains', () => {
  const noise = Array.from(
    { length: 5000 },
    (_, i) => `error 2026-11-22T11:25:33.571 nodeos x.cpp:1 f ] ${i} ${'x'.repeat(5000)}`,
  );
  const contradicting = Array.from(
    { length: 5000 },
    (_, i) => `info  2026-11-22T11:25:33.571 nodeos x.cpp:1 f ] Blockchain started; head block is #${i}`,
  );
  const observation = observeAll([...noise, ...contradicting]);
  expect(observation.errors).toHaveLength(MAX_ERRORS);
  expect(JSON.stringify(observation).length).toBeLessThan(20_000);
});

describe('for any text', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...logLines(SPRING), ...logLines(LEAP_PEERS)),
    fc.tuple(fc.constantFrom(...logLines(SPRING)), fc.nat(200)).map(([line, at]) => line.slice(0, at)),
    fc.tuple(fc.constantFrom(...logLines(SPRING)), fc.nat(200)).map(([line, at]) => line.slice(at)),
  );

  test(
    'nothing is thrown, nothing grows without end, and the input is left alone',
    { timeout: 60_000 },
    () => {
      let count = 0;
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 40 }), (lines) => {
          const before = JSON.stringify(emptyObservation);
          const observation = observeAll(lines);
          count += lines.length;
          expect(observation.errors.length).toBeLessThanOrEqual(MAX_ERRORS);
          expect(JSON.stringify(emptyObservation)).toBe(before);
          expect(RUN_STAGES).toContain(observation.stage);
        }),
        { seed: 3, numRuns: 5000 },
      );
      process.stdout.write(`${count} hostile log lines\n`);
      expect(count).toBeGreaterThan(20_000);
    },
  );

  test('random bytes are never evidence', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const event = parseLogLine(Buffer.from(bytes).toString('latin1'));
        expect([undefined, 'headless', 'other', 'complaint']).toContain(event?.kind);
      }),
      { seed: 3 },
    );
  });

  test('observing in two goes is the same as in one, wherever the log is parted', () => {
    fc.assert(
      fc.property(fc.constantFrom(...allLogs()), fc.double({ min: 0, max: 1, noNaN: true }), (name, part) => {
        const lines = logLines(name);
        const at = Math.floor(part * lines.length);
        const first = JSON.parse(JSON.stringify(observeAll(lines.slice(0, at)))) as typeof emptyObservation;
        expect(observeAll(lines.slice(at), first)).toEqual(observeAll(lines));
      }),
      { seed: 3, numRuns: 150 },
    );
  });
});
