import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moreHosts, usableHosts } from '../../../../src/core/domain/forecast/more-hosts.ts';
import { restOf, type Rest } from '../../../../src/core/domain/forecast/rest.ts';
import type { Job } from '../../../../src/core/domain/job.ts';
import { formatUtc } from '../../../../src/core/domain/time.ts';
import { aJob, anAttempt } from '../builders.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const NOBODY = { idle: 0, arriving: [] };

function ago(seconds: number): string {
  return formatUtc(new Date(NOW.getTime() - seconds * 1000));
}

/** Took so many seconds, all of them for its 100 blocks. */
function finished(sliceId: number, seconds: number): Job {
  const stageTimes = { replay: seconds * 1000 };
  const times = { startTime: ago(9000), endTime: ago(9000 - seconds) };
  const attempts = [anAttempt({ ...times, stageTimes, outcome: 'COMPLETE' })];
  return aJob({ status: 'COMPLETE', ...times, attempts }, { sliceId });
}

/** Is to be done in so many seconds. */
function held(sliceId: number, seconds: number): Job {
  const startTime = ago(1000);
  const attempts = [anAttempt({ startTime, endTime: null, outcome: null })];
  const done = { lastBlockProcessed: (sliceId - 1) * 100 + 50, blocksPerSecond: 50 / seconds };
  return aJob({ status: 'WORKING', startTime, attempts, ...done }, { sliceId });
}

/** Slices of 1,000 s each: so many wait, and so many are held that have so many seconds to go. */
function rest(waiting: number, heldFor: readonly number[] = []): Rest {
  const done = [1, 2, 3].map((sliceId) => finished(sliceId, 1000));
  const jobs = [
    ...done,
    ...heldFor.map((seconds, at) => held(10 + at, seconds)),
    ...Array.from({ length: waiting }, (_, at) => aJob({}, { sliceId: 1000 + at })),
  ];
  const found = restOf(jobs, NOW, 'manifest');
  if (found === null) throw new Error('nothing is known');
  return found;
}

describe('the hosts that would still get a job', () => {
  it('are as many as slices wait when nobody is there', () => {
    expect(usableHosts(rest(7), [], 180)).toBe(7);
  });

  it('are none for slices that somebody is at work on', () => {
    expect(usableHosts(rest(0, [500, 500]), [], 180)).toBe(0);
  });

  it('are none for slices that others will have begun by then', () => {
    expect(usableHosts(rest(3, [10, 20, 2000]), [], 180)).toBe(1);
    expect(usableHosts(rest(3), [0, 0], 180)).toBe(1);
    expect(usableHosts(rest(3), [0, 100, 180], 180)).toBe(0);
  });

  it('are counted again once they are on their way: nobody is launched twice for one slice', () => {
    const first = usableHosts(rest(5, [2000]), [], 180);
    expect(first).toBe(5);
    expect(usableHosts(rest(5, [1970]), Array<number>(first).fill(150), 180)).toBe(0);
  });

  const someRest = fc.record({
    waiting: fc.nat(40),
    busy: fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 8 }),
    there: fc.array(fc.nat(400), { maxLength: 8 }),
    boots: fc.tuple(fc.nat(4000), fc.nat(4000)),
  });

  it('are never more than slices wait, nor more when they come later, nor more when others are there', () => {
    fc.assert(
      fc.property(someRest, ({ waiting, busy, there, boots }) => {
        const left = rest(waiting, busy);
        const [soon, late] = boots.toSorted((one, other) => one - other) as [number, number];
        const atOnce = usableHosts(left, there, soon);
        expect(atOnce).toBeLessThanOrEqual(waiting);
        expect(usableHosts(left, there, late)).toBeLessThanOrEqual(atOnce);
        expect(usableHosts(rest(waiting), [], late)).toBe(waiting);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the end of the run', () => {
  it('is not to be expected without a host, and is with some', () => {
    const { usable, without, withMore } = moreHosts(rest(4), NOBODY, { bootSeconds: 100, asked: null });
    expect({ usable, without }).toEqual({ usable: 4, without: null });
    expect(withMore?.likelySeconds).toBeGreaterThan(1000);
    expect(withMore?.likelySeconds).toBeLessThan(1300);
  });

  it('comes sooner with more hosts, as far as they are of use', () => {
    const left = rest(40, [500, 500]);
    const likely = (count: number): number =>
      moreHosts(left, NOBODY, { bootSeconds: 100, asked: count }).withMore?.likelySeconds ?? 0;
    expect(likely(2)).toBeLessThan(likely(0) * 0.7);
    expect(likely(8)).toBeLessThan(likely(2) * 0.6);
    expect(moreHosts(left, NOBODY, { bootSeconds: 100, asked: 0 }).without?.likelySeconds).toBe(likely(0));
  });

  it('is not put off by hosts that come too late for it', () => {
    const { without, withMore } = moreHosts(rest(0, [60]), NOBODY, { bootSeconds: 900, asked: 5 });
    expect(withMore).toEqual(without);
    expect(without?.likelySeconds).toBeLessThan(100);
  });
});
