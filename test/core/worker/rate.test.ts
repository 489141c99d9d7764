import { describe, expect, it } from 'vitest';
import { addSample, ratePerSecond, timeLeftMs } from '../../../src/core/worker/rate.ts';
import type { RateWindow } from '../../../src/core/worker/rate.ts';

/** Pairs of seconds and blocks. */
function windowOf(...samples: [number, number][]): RateWindow {
  return samples.reduce<RateWindow>((window, [s, done]) => addSample(window, { at: s * 1000, done }), []);
}

describe('the rate', () => {
  it.each([
    ['no sample', [], 0, null],
    ['one sample', [[0, 500]], 0, null],
    [
      'steady steps',
      [
        [0, 500],
        [10, 1000],
        [20, 1500],
      ],
      20,
      50,
    ],
    [
      'only the last minute',
      [
        [0, 0],
        [100, 100],
        [130, 1000],
        [160, 1900],
      ],
      160,
      30,
    ],
    [
      'steps longer than the window',
      [
        [0, 0],
        [300, 500],
        [600, 1000],
      ],
      600,
      500 / 300,
    ],
    [
      'a silence',
      [
        [0, 0],
        [10, 500],
      ],
      71,
      null,
    ],
    [
      'a silence of the usual length',
      [
        [0, 0],
        [300, 500],
      ],
      1000,
      500 / 300,
    ],
    [
      'a download that began again',
      [
        [0, 5000],
        [1, 9000],
        [2, 100],
        [3, 300],
      ],
      3,
      200,
    ],
    [
      'the same number twice',
      [
        [0, 100],
        [5, 100],
        [10, 200],
      ],
      10,
      10,
    ],
  ] as const)('of %s', (_name, samples, now, expected) => {
    const window = windowOf(...samples.map(([s, done]) => [s, done] as [number, number]));
    const rate = ratePerSecond(window, now * 1000);
    expect(rate).toBe(expected);
  });
});

describe('the time left', () => {
  it.each([
    [1000, 10, 100_000],
    [0, null, 0],
    [-5, 10, 0],
    [1000, null, null],
    [1000, 0, null],
  ])('for %i blocks at %s a second is %s ms', (remaining, rate, expected) => {
    expect(timeLeftMs(remaining, rate)).toBe(expected);
  });
});
