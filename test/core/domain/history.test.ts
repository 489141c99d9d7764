import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  History,
  isWorthKeeping,
  MAX_POINTS,
  SAMPLE_SECONDS,
  withGaps,
  type HistoryPoint,
} from '../../../src/core/domain/history.ts';

const BEGIN = 1_795_000_000;

/** The sample of so many seconds after the beginning. */
function sample(seconds: number, changes: Partial<HistoryPoint> = {}): HistoryPoint {
  return {
    time: BEGIN + seconds,
    seconds: SAMPLE_SECONDS,
    blocksProcessed: seconds,
    blocksPerSecond: 100,
    blocksPerSecondMax: 100,
    jobsDone: 1,
    jobsFailed: 0,
    jobsHeld: 1,
    hosts: 1,
    costUsd: null,
    ...changes,
  };
}

function historyOf(samples: readonly HistoryPoint[]): History {
  const history = new History();
  for (const point of samples) history.add(point);
  return history;
}

const times = (count: number): number[] => Array.from({ length: count }, (_, at) => at * SAMPLE_SECONDS);

describe('the course of a run', () => {
  it('keeps every sample while there are few', () => {
    const history = historyOf(times(MAX_POINTS).map((at) => sample(at)));
    expect([history.points.length, history.intervalSeconds]).toEqual([MAX_POINTS, 10]);
  });

  it('makes one point of two when there are too many, with the mean and the most', () => {
    const rate = (at: number): Partial<HistoryPoint> => {
      const value = at % 20 === 0 ? 100 : 300;
      return { blocksPerSecond: value, blocksPerSecondMax: value, hosts: value / 100 };
    };
    const history = historyOf(times(MAX_POINTS + 1).map((at) => sample(at, rate(at))));
    expect([history.points.length, history.intervalSeconds]).toEqual([MAX_POINTS / 2 + 1, 20]);
    expect(history.points[7]).toMatchObject({
      time: BEGIN + 150,
      seconds: 20,
      blocksProcessed: 150,
      blocksPerSecond: 200,
      blocksPerSecondMax: 300,
      hosts: 2,
    });
  });

  it('of thirty days fits, from its first sample to its last', () => {
    const samples = times(30 * 8640).map((at) => sample(at));
    const { points, intervalSeconds } = historyOf(samples);
    expect(intervalSeconds).toBe(2560);
    expect(points.length).toBeGreaterThan(MAX_POINTS / 2 - 1);
    expect(points.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(points[0]?.time).toBeLessThan(BEGIN + 2560);
    expect(points.at(-1)?.time).toBe(samples.at(-1)?.time);
    expect(points.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(30 * 86_400);
  });

  it('says when points became fewer', () => {
    const history = historyOf(times(MAX_POINTS).map((at) => sample(at)));
    expect(history.add(sample(MAX_POINTS * SAMPLE_SECONDS))).toBe(true);
    expect(history.add(sample((MAX_POINTS + 2) * SAMPLE_SECONDS))).toBe(false);
  });

  it('forgets what a clock said that was ahead', () => {
    const { points } = historyOf([sample(0), sample(10), sample(1e8), sample(20)]);
    expect(points.map(({ time }) => time - BEGIN)).toEqual([0, 10, 20]);
  });

  it('is never longer than it may be, and its times increase, whatever clocks do', () => {
    const property = fc.property(fc.array(fc.integer({ min: 0, max: 40_000 })), (seconds) => {
      const { points } = historyOf([...times(MAX_POINTS), ...seconds].map((at) => sample(at)));
      expect(points.length).toBeLessThanOrEqual(MAX_POINTS);
      const ordered = points.every((point, at) => at === 0 || point.time > (points[at - 1]?.time ?? 0));
      expect(ordered).toBe(true);
    });
    fc.assert(property, { numRuns: 50 });
  });

  it('has a gap where nothing was recorded, and none for a timer that was late', () => {
    const history = historyOf([sample(0), sample(10), sample(30), sample(60), sample(70)]);
    expect(withGaps(history).map((point) => point && point.time - BEGIN)).toEqual([0, 10, 30, null, 60, 70]);
  });
});

describe('a sample', () => {
  const idle = { jobsHeld: 0, hosts: 0 };

  it.each<[boolean, string, Partial<HistoryPoint>]>([
    [false, 'nobody is at work and nothing has changed', idle],
    [true, 'somebody is at work', { hosts: 0, jobsHeld: 1 }],
    [true, 'a job is done', { ...idle, jobsDone: 2 }],
    [true, 'a job has failed', { ...idle, jobsFailed: 1 }],
    [true, 'a job was put back', { ...idle, blocksProcessed: 5 }],
  ])('is worth keeping: %j when %s', (expected, _, changes) => {
    const last = sample(0, { ...idle, blocksProcessed: 10 });
    expect(isWorthKeeping(sample(10, { ...last, ...changes }), last)).toBe(expected);
  });

  it('is worth keeping when it is the first, or the last host has just gone', () => {
    expect(isWorthKeeping(sample(0, idle), undefined)).toBe(true);
    expect(isWorthKeeping(sample(0, idle), sample(0))).toBe(true);
  });
});
