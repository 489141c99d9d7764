import { describe, expect, it } from 'vitest';
import { averageRate } from '../../../src/core/domain/average-rate.ts';
import type { Attempt, Job } from '../../../src/core/domain/job.ts';
import { utcSeconds } from '../../../src/core/domain/time.ts';
import { aJob, anAttempt } from './builders.ts';

const DAY = '2026-11-22';

/** Over slices of 100 blocks, from and to so many seconds after midnight. */
function attempt(from: number, to: number | null, changes: Partial<Attempt> = {}): Attempt {
  return anAttempt({
    startTime: at(from),
    endTime: to === null ? null : at(to),
    outcome: to === null ? null : 'COMPLETE',
    ...changes,
  });
}

function at(seconds: number): string {
  return new Date(Date.parse(`${DAY}T00:00:00Z`) + seconds * 1000).toISOString().slice(0, 19);
}

function rate(now: number, ...attempts: Attempt[][]): number | null {
  const jobs = attempts.map((made, index): Job => aJob({ attempts: made }, { sliceId: index + 1 }));
  return averageRate(jobs, utcSeconds(at(now)));
}

describe('the average rate of a run', () => {
  it('is not known before anything was replayed', () => {
    expect(rate(100)).toBeNull();
    expect(rate(100, [attempt(0, null)])).toBeNull();
    expect(rate(0, [attempt(0, null, { lastBlockProcessed: 50 })])).toBeNull();
  });

  it('counts time in which several hosts work once', () => {
    expect(rate(500, [attempt(0, 100)], [attempt(50, 150)], [attempt(0, 10)])).toBe(300 / 150);
  });

  it('leaves out the time in which nobody worked', () => {
    expect(rate(90_000, [attempt(0, 100)], [attempt(80_000, 80_100)])).toBe(1);
  });

  it('takes what touches for one', () => {
    expect(rate(500, [attempt(0, 100)], [attempt(100, 200)])).toBe(1);
  });

  it('counts what is under way up to now', () => {
    expect(rate(200, [attempt(0, 100)], [attempt(100, null, { lastBlockProcessed: 150 })])).toBe(150 / 200);
  });

  it('counts blocks that were replayed twice twice, as far as each attempt came', () => {
    const failed = attempt(0, 100, { outcome: 'ERROR', cause: 'nodeos-crash', lastBlockProcessed: 40 });
    expect(rate(500, [failed, attempt(100, 200)])).toBe(140 / 200);
  });

  it('leaves out attempts whose host was lost: nobody knows when it stopped', () => {
    const lost = attempt(0, 40_000, { outcome: 'TIMEOUT', cause: 'host-lost', lastBlockProcessed: 90 });
    expect(rate(50_000, [lost, attempt(40_000, 40_100)])).toBe(1);
  });

  it('does not believe clocks that are wrong', () => {
    expect(rate(200, [attempt(100, 50)], [attempt(0, 100)], [attempt(150, 9000)], [attempt(900, 950)])).toBe(
      200 / 150,
    );
    expect(rate(200, [attempt(0, 100)], [anAttempt({ startTime: 'soon', outcome: 'COMPLETE' })])).toBe(1);
  });
});
