import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/core/domain/job.ts';
import { inOrder, nextJob, RESERVATION_MS } from '../../../src/core/domain/schedule.ts';
import type { Reservation } from '../../../src/core/domain/schedule.ts';
import { aJob, anAttempt } from './builders.ts';

const jobs = [1, 2, 3].map((sliceId) => aJob({}, { sliceId }));

/** Asks for one caller after the other; the slice that each is offered. */
function ask(list: readonly Job[], ...asking: [caller: string, now: number][]): (number | null)[] {
  let reservations: readonly Reservation[] = [];
  return asking.map(([caller, now]) => {
    const offer = nextJob(list, reservations, caller, now);
    ({ reservations } = offer);
    return offer.job?.slice.sliceId ?? null;
  });
}

describe('nextJob', () => {
  it('offers the first job that waits', () => {
    expect(ask([{ ...jobs[0], status: 'STARTED' } as Job, ...jobs.slice(1)], ['a', 0])).toEqual([2]);
  });

  it('offers different callers different jobs, and each the same one again', () => {
    expect(ask(jobs, ['a', 0], ['b', 0], ['a', 1], ['b', 2], ['c', 3])).toEqual([1, 2, 1, 2, 3]);
  });

  it('offers nothing when all that waits is reserved', () => {
    expect(ask(jobs.slice(0, 2), ['a', 0], ['b', 0], ['c', 0])).toEqual([1, 2, null]);
  });

  it('offers nothing when nothing waits, and reserves nothing', () => {
    expect(nextJob([aJob({ status: 'ERROR' })], [], 'a', 0)).toEqual({ job: null, reservations: [] });
  });

  it('reserves for five seconds', () => {
    expect(RESERVATION_MS).toBe(5000);
    expect(ask(jobs, ['a', 0], ['b', 4999])).toEqual([1, 2]);
    expect(ask(jobs, ['a', 0], ['b', 5000])).toEqual([1, 1]);
  });

  it('reserves anew when a caller asks again', () => {
    expect(ask(jobs, ['a', 0], ['a', 4000], ['b', 8000])).toEqual([1, 1, 2]);
  });

  it('offers the next job to a caller whose reserved one was claimed', () => {
    const { reservations } = nextJob(jobs, [], 'a', 0);
    const claimed = jobs.map((job) =>
      job.slice.sliceId === 1 ? { ...job, status: 'STARTED' as const } : job,
    );
    expect(nextJob(claimed, reservations, 'a', 1)).toEqual({
      job: claimed[1],
      reservations: [{ jobId: 102, attempts: 0, caller: 'a', until: 5001 }],
    });
  });

  it('offers a job that was claimed and given back to the next caller at once', () => {
    const { reservations } = nextJob(jobs, [], 'a', 0);
    const [first, ...rest] = jobs as [Job, ...Job[]];
    const back = [{ ...first, attempts: [anAttempt()] }, ...rest];
    const toOther = nextJob(back, reservations, 'b', 1);
    expect(toOther.job?.slice.sliceId).toBe(1);
    expect(nextJob(back, toOther.reservations, 'a', 2).job?.slice.sliceId).toBe(2);
  });

  it('keeps to a reserved job although one before it came back', () => {
    const first = nextJob(jobs.slice(1), [], 'a', 0);
    expect(nextJob(jobs, first.reservations, 'a', 1).job).toBe(jobs[1]);
  });

  it('never has one job reserved for two callers, nor two jobs for one', () => {
    const asking = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(3000));
    const property = fc.property(fc.array(asking), (turns) => {
      let now = 0;
      let reservations: readonly Reservation[] = [];
      for (const [caller, wait] of turns) {
        now += wait;
        ({ reservations } = nextJob(jobs, reservations, caller, now));
        expect(new Set(reservations.map(({ jobId }) => jobId)).size).toBe(reservations.length);
        expect(new Set(reservations.map((each) => each.caller)).size).toBe(reservations.length);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe('inOrder', () => {
  const long = aJob({}, { sliceId: 3, startBlock: 0, endBlock: 900 });
  const list = [jobs[1], long, jobs[0]] as Job[];

  it('is that of the manifest', () => {
    expect(inOrder(list, 'manifest')).toEqual([jobs[0], jobs[1], long]);
  });

  it('is the longest first, equal ones as in the manifest', () => {
    expect(inOrder(list, 'longest-first')).toEqual([long, jobs[0], jobs[1]]);
  });
});
