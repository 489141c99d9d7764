import { describe, expect, it } from 'vitest';
import { jobsInSight } from '../../../../src/core/report/watch/in-sight.ts';
import { aJob } from '../builders.ts';

const JOBS = [
  aJob({ job_id: 1, end_time: '2026-11-22T10:00:00' }),
  aJob({ job_id: 2, end_time: '2026-11-22T11:00:00' }),
  aJob({ job_id: 3, status: 'WAITING_4_WORKER', attempt: 0 }),
  aJob({ job_id: 4, status: 'WORKING' }),
  aJob({ job_id: 5, status: 'WAITING_4_WORKER', attempt: 1 }),
  aJob({ job_id: 6, status: 'HASH_MISMATCH' }),
  aJob({ job_id: 7, status: 'ERROR' }),
];

const ids = (rows: number, isSorted = false) => jobsInSight(JOBS, rows, isSorted).map(({ job_id: id }) => id);

describe('what stays in sight', () => {
  it('is everything, in its order, where there is room', () => {
    expect(ids(7)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([
    [6, [6, 7, 4, 5, 3, 2]],
    [3, [6, 7, 4]],
    [1, [6]],
    [0, []],
    [-3, []],
  ])('in %i rows are problems and work before what waits and what is done', (rows, expected) => {
    expect(ids(rows)).toEqual(expected);
  });

  it('keeps an order that was asked for behind the problems', () => {
    expect(ids(5, true)).toEqual([6, 7, 1, 2, 3]);
  });
});
