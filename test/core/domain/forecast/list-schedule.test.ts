import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf, makespan } from '../../../../src/core/domain/forecast/list-schedule.ts';

/** Slice after slice to the host that is free first. */
function oneByOne(free: readonly number[], slices: readonly number[]): number {
  const ends = [...free];
  for (const slice of slices) {
    const first = ends.indexOf(Math.min(...ends));
    ends[first] = (ends[first] ?? 0) + slice;
  }
  return Math.max(...ends);
}

function ofSlices(free: readonly number[], slices: readonly number[]): number {
  const parts = batchesOf(slices.length, free.length).map(({ first, count }) =>
    slices.slice(first, first + count).reduce((sum, slice) => sum + slice, 0),
  );
  return makespan(Float64Array.from(free), Float64Array.from(parts));
}

describe('the end of a schedule', () => {
  it('is that of the last host when nothing waits', () => {
    expect(ofSlices([5, 1, 7], [])).toBe(7);
  });

  it('has a tail: the last long slice keeps one host at work', () => {
    expect(ofSlices([0, 0, 0], [10, 10, 10, 10])).toBe(20);
    expect(ofSlices([3, 0], [10])).toBe(10);
  });

  it('gives slices one by one to the host that is free first, near the end', () => {
    const seconds = fc.integer({ min: 0, max: 1000 });
    const property = fc.property(
      fc.array(seconds, { minLength: 1, maxLength: 9 }),
      fc.array(seconds, { maxLength: 30 }),
      (free, slices) => {
        const few = slices.slice(0, 2 * free.length);
        expect(ofSlices(free, few)).toBe(oneByOne(free, few));
      },
    );
    fc.assert(property);
  });

  it('is nearly the same when hosts take several slices at once', () => {
    const slices = Array.from({ length: 20_000 }, (_, at) => 50 + ((at * 7919) % 101));
    const free = Array.from({ length: 17 }, (_, at) => at * 10);
    const [quick, exact] = [ofSlices(free, slices), oneByOne(free, slices)];
    expect(Math.abs(quick - exact)).toBeLessThan(200);
  });

  it('takes few steps for many slices, and all of them once', () => {
    const batches = batchesOf(100_000, 10);
    expect(batches.length).toBeLessThan(300);
    let next = 0;
    for (const { first, count } of batches) {
      expect(first).toBe(next);
      next += count;
    }
    expect(next).toBe(100_000);
  });
});
