import { describe, expect, test } from 'vitest';
import type { FullJobRecord } from '../../../../src/core/protocol/full-record.ts';
import type { SummaryRecord } from '../../../../src/core/protocol/summary-record.ts';
import { compareRuns, comparisonExitCode } from '../../../../src/core/report/compare/model.ts';
import { renderComparison } from '../../../../src/core/report/compare/render.ts';
import { aJob, aSummary } from '../builders.ts';

const ONE = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);

const DONE: Partial<FullJobRecord> = { stage_times: { replay: 1_000_000 } };
const MISMATCH: Partial<FullJobRecord> = {
  status: 'HASH_MISMATCH',
  verdict: 'MISMATCH',
  actual_integrity_hash: OTHER,
};
const FAILED: Partial<FullJobRecord> = { status: 'ERROR', verdict: null, actual_integrity_hash: null };
const HELD: Partial<FullJobRecord> = { status: 'WORKING', verdict: null, end_time: null };
const PENDING: Partial<FullJobRecord> = { verdict: 'PENDING' };
const UNVERIFIABLE: Partial<FullJobRecord> = { verdict: 'UNVERIFIABLE' };

function run(jobs: readonly Partial<FullJobRecord>[], summary: Partial<SummaryRecord> = {}) {
  return { summary: aSummary(summary), jobs: jobs.map((job) => aJob(job)) };
}

function compared(a: Partial<FullJobRecord>, b: Partial<FullJobRecord>) {
  const comparison = compareRuns(run([a]), run([b], { run_id: 2 }));
  const [{ difference, hashes }] = comparison.slices as [(typeof comparison.slices)[0]];
  return { difference, hashes, outcome: comparison.outcome, code: comparisonExitCode(comparison) };
}

describe('one slice in two runs', () => {
  test.each<[what: string, a: Partial<FullJobRecord>, b: Partial<FullJobRecord>, expected: object]>([
    ['the same hash and verdict', DONE, DONE, { difference: 'none', hashes: 'equal', code: 0 }],
    ['a mismatch in both, at one hash', MISMATCH, MISMATCH, { difference: 'none', code: 0 }],
    ['another hash', DONE, MISMATCH, { difference: 'hash', hashes: 'different', code: 1 }],
    [
      'another hash, both verified',
      DONE,
      { actual_integrity_hash: OTHER, expected_integrity_hash: OTHER },
      { difference: 'hash', code: 1 },
    ],
    [
      'the same hash, and another verdict',
      DONE,
      UNVERIFIABLE,
      { difference: 'verdict', hashes: 'equal', code: 1 },
    ],
    ['a failure in one', DONE, FAILED, { difference: 'verdict', hashes: 'unknown', code: 1 }],
    ['a failure in both', FAILED, FAILED, { difference: 'unknown', hashes: 'unknown', code: 4 }],
    ['a time-out and an error', FAILED, { ...FAILED, status: 'TIMEOUT' }, { difference: 'unknown', code: 4 }],
    ['not finished in one', DONE, HELD, { difference: 'unknown', hashes: 'unknown', code: 4 }],
    ['failed in one, not finished in the other', FAILED, HELD, { difference: 'unknown', code: 4 }],
    ['not finished in both', HELD, HELD, { difference: 'unknown', hashes: 'unknown', code: 4 }],
    ['a verdict that is still to come', DONE, PENDING, { difference: 'unknown', hashes: 'equal', code: 4 }],
    [
      'a verdict that is still to come, and another hash',
      { ...PENDING, actual_integrity_hash: OTHER },
      DONE,
      { difference: 'hash', code: 1 },
    ],
    ['no verdict yet in both', PENDING, PENDING, { difference: 'none', hashes: 'equal', code: 0 }],
  ])('%s', (_what, a, b, expected) => {
    expect(compared(a, b)).toMatchObject(expected);
    const { code } = expected as { code: number };
    expect(compared(b, a)).toMatchObject({ code });
  });

  test('a hash of an attempt that is not at its end is none', () => {
    expect(compared({ ...HELD, actual_integrity_hash: ONE }, DONE)).toMatchObject({ hashes: 'unknown' });
  });
});

describe('two runs', () => {
  const slice = (start: number, more: Partial<FullJobRecord> = {}): Partial<FullJobRecord> => ({
    start_block_num: start,
    end_block_num: start + 1000,
    ...more,
  });

  test('are put together by blocks, whatever the numbers of slices and jobs', () => {
    const a = run([
      slice(1000, { job_id: 1, replay_slice_id: 1 }),
      slice(2000, { job_id: 2, replay_slice_id: 2 }),
    ]);
    const b = run([
      slice(2000, { job_id: 3, replay_slice_id: 1 }),
      slice(3000, { job_id: 4, replay_slice_id: 2 }),
    ]);
    const { slices, totals, outcome } = compareRuns(a, b);
    expect(
      slices.map(({ startBlock, difference, a, b }) => [startBlock, difference, a?.jobId, b?.jobId]),
    ).toEqual([
      [1000, 'only-a', 1, undefined],
      [2000, 'none', 2, 3],
      [3000, 'only-b', undefined, 4],
    ]);
    expect(totals).toMatchObject({ slices: 3, equal: 1, onlyInA: 1, onlyInB: 1 });
    expect(outcome).toBe('same');
  });

  test('with several slices over the same blocks go together by their versions first', () => {
    const of = (version: string, hash: string) =>
      slice(1000, { leap_version: version, actual_integrity_hash: hash });
    const a = run([of('4.0.0', ONE), of('5.0.2', OTHER)]);
    const b = run([of('5.0.2', OTHER), of('5.0.3', ONE)]);
    const { slices } = compareRuns(a, b);
    expect(slices.map(({ a, b }) => [a?.requestedVersion, b?.requestedVersion])).toEqual([
      ['4.0.0', '5.0.3'],
      ['5.0.2', '5.0.2'],
    ]);
    expect(
      compareRuns(run([of('5.0.2', ONE), of('5.0.2', ONE)]), run([of('5.0.2', ONE)])).totals,
    ).toMatchObject({
      equal: 1,
      onlyInA: 1,
    });
  });

  test('without a slice in common cannot be told', () => {
    const comparison = compareRuns(run([slice(1000)]), run([slice(2000)]));
    expect(comparisonExitCode(comparison)).toBe(4);
    expect(renderComparison(comparison, 'text', false)).toContain('NOTHING TO COMPARE');
    expect(compareRuns(run([]), run([])).outcome).toBe('unknown');
  });

  test('of which one is damaged are never the same', () => {
    const damaged = run([slice(1000)], { run_id: 2, damage: ['jobs.db is damaged.'] });
    const comparison = compareRuns(run([slice(1000)]), damaged);
    expect(comparisonExitCode(comparison)).toBe(4);
    for (const format of ['text', 'json', 'markdown'] as const) {
      expect(renderComparison(comparison, format, false)).toContain('jobs.db is damaged.');
    }
    const different = compareRuns(run([slice(1000, MISMATCH)]), damaged);
    expect(comparisonExitCode(different)).toBe(1);
  });

  test('have their speeds compared where both replayed to the end', () => {
    const timed = (start: number, replay: number, hours: number) =>
      slice(start, { stage_times: { replay }, end_time: `2026-11-22T${10 + hours}:00:00` });
    const a = run([timed(1000, 1000, 1), timed(2000, 3000, 1), timed(3000, 4000, 1), slice(4000, FAILED)]);
    const b = run([timed(1000, 500, 2), timed(2000, 1000, 2), timed(3000, 8000, 2), timed(4000, 1, 2)]);
    const { speed, slices } = compareRuns(a, b);
    expect(speed).toEqual({
      slices: 3,
      durationMsA: 3 * 3_600_000,
      durationMsB: 6 * 3_600_000,
      medianRatio: 2,
    });
    expect(slices.map(({ speedRatio }) => speedRatio)).toEqual([2, 3, 0.5, null]);
    expect(slices[0]?.a?.blocksPerSecond).toBe(1000);
  });

  test('say no speed of which there is none', () => {
    const { speed, slices } = compareRuns(
      run([slice(1000)]),
      run([slice(1000, { stage_times: { replay: 0 } })]),
    );
    expect([speed.medianRatio, slices[0]?.speedRatio, slices[0]?.b?.blocksPerSecond]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('the forms of a comparison', () => {
  const jobs = (...ofSlices: Partial<FullJobRecord>[]) =>
    ofSlices.map((more, at) => ({ start_block_num: at * 1000, end_block_num: at * 1000 + 1000, ...more }));
  const comparison = compareRuns(
    run(jobs(DONE, DONE, HELD, DONE)),
    run(jobs(DONE, { ...DONE, ...MISMATCH }, DONE, UNVERIFIABLE), { run_id: 2, stand_in: true }),
  );

  test('text begins with the result, and has what differs first and what is equal with --all only', () => {
    const text = renderComparison(comparison, 'text', false);
    expect(text).toMatch(
      /^Run 1 and run 2: DIFFERENT\. Of 4 slices that both have, these differ: 1 in the hash, 2 in the verdict\.\nREHEARSAL/u,
    );
    expect(text).toContain(`A  ${ONE}`);
    expect(text).toContain(`B  ${OTHER}`);
    const rows = text.split('\n').filter((line) => /^│ +\d/u.test(line));
    expect(rows.map((row) => /\d+-\d+/u.exec(row)?.[0])).toEqual(['1000-2000', '3000-4000', '2000-3000']);
    expect(text).toContain('1 slice in which nothing differs: --all shows them.');
    const all = renderComparison(comparison, 'text', true);
    expect(all.split('\n').filter((line) => /^│ +\d/u.test(line))).toHaveLength(4);
  });

  test('as text fits its table into a window, and keeps what differs in it', () => {
    const lines = renderComparison(comparison, 'text', true, 60).split('\n');
    const table = lines.filter((line) => /^[┌├│└]/u.test(line));
    expect(table.length).toBeGreaterThan(4);
    expect(table.filter((line) => line.length > 60)).toEqual([]);
    expect(table[1]).toMatch(/blocks .*hash .*A .*B/u);
    expect(lines.some((line) => line.startsWith('No room for: time in A'))).toBe(true);
  });

  test('never calls a slice equal of which one hash is missing', () => {
    const open = compareRuns(run(jobs(HELD)), run(jobs(DONE)));
    for (const format of ['text', 'markdown', 'csv', 'json'] as const) {
      const content = renderComparison(open, format, true);
      expect(content.match(/\bequal\b/gu)?.length ?? 0).toBe(format === 'json' ? 1 : 0);
    }
    expect(renderComparison(open, 'json', false)).toContain('"equal": 0');
  });

  test('csv has a row a slice, and two columns for each thing', () => {
    const [head, ...rows] = renderComparison(comparison, 'csv', false).trimEnd().split('\r\n');
    expect(head).toContain('actual_integrity_hash_a,actual_integrity_hash_b');
    expect(rows.map((row) => row.split(',').slice(0, 4))).toEqual([
      ['1000', '2000', 'hash', 'different'],
      ['3000', '4000', 'verdict', 'equal'],
      ['2000', '3000', 'unknown', 'unknown'],
      ['0', '1000', 'none', 'equal'],
    ]);
    expect(new Set(rows.map((row) => row.split(',').length))).toEqual(new Set([head!.split(',').length]));
  });

  test('markdown lists what differs, and makes text from a host harmless', () => {
    const hostile = compareRuns(
      run(jobs(DONE)),
      run(jobs({ ...MISMATCH, nodeos_version: '|<script>\u001B[31m' })),
    );
    const markdown = renderComparison(hostile, 'markdown', false);
    expect(markdown).toMatch(/^## ❌ Run 1 and run 1: DIFFERENT/u);
    expect(markdown).not.toContain('<script>');
    for (const format of ['text', 'markdown', 'csv'] as const) {
      expect(renderComparison(hostile, format, true)).not.toContain('\u001B');
    }
  });
});
