import { describe, expect, test } from 'vitest';
import { MOST_RATE_POINTS, withRate, type JobRates } from '../../../src/core/domain/job-rates.ts';

describe('the rates of an attempt', () => {
  test('are what its host told, one a second at most', () => {
    let rates: JobRates | null = null;
    for (const [time, rate] of [
      [0, 100],
      [0, 101],
      [5, 120],
      [4, 7],
      [12, 90],
    ] as const) {
      rates = withRate(rates, 1, time, rate);
    }
    expect(rates).toEqual({ attempt: 1, times: [0, 5, 12], values: [100, 120, 90] });
  });

  test('begin anew with another attempt', () => {
    const first = withRate(null, 1, 0, 100);
    expect(withRate(first, 2, 9, 50)).toEqual({ attempt: 2, times: [9], values: [50] });
  });

  test('are of the whole attempt, in a bounded number of points', () => {
    let rates: JobRates | null = null;
    for (let second = 0; second < 5000; second += 1) rates = withRate(rates, 1, second, 2 * second);
    const { times, values } = rates!;
    expect(times.length).toBeLessThanOrEqual(MOST_RATE_POINTS);
    expect(times.length).toBeGreaterThan(MOST_RATE_POINTS / 3);
    expect([times[0]! < 100, times.at(-1)]).toEqual([true, 4999]);
    expect(values).toEqual(times.map((time) => 2 * time));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});
