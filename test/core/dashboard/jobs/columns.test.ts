import { describe, expect, test } from 'vitest';
import {
  COLUMN_IDS,
  nextOrder,
  orderText,
  readOrder,
  sortJobs,
} from '../../../../src/core/dashboard/pages/jobs/columns.ts';
import { secondsLeft, secondsTaken, shareDone } from '../../../../src/core/dashboard/pages/jobs/figures.ts';
import { utcSeconds } from '../../../../src/core/domain/time.ts';
import { row } from './row.ts';

const NOW = utcSeconds('2026-11-22T10:10:00');
const working = { status: 'WORKING', attempt: 1 } as const;

const sorted = (jobs: ReturnType<typeof row>[], sort: string): number[] =>
  sortJobs(jobs, readOrder(new URLSearchParams({ sort })), NOW).map((job) => job.replay_slice_id);

describe('the order of the jobs', () => {
  test('is that of the slices, unless another one is asked for', () => {
    expect(sorted([row(2), row(3), row(1)], '')).toEqual([1, 2, 3]);
    expect(readOrder(new URLSearchParams('sort=constructor'))).toEqual({ by: 'slice', descending: false });
  });

  test('has what is not known at its end, both ways', () => {
    const jobs = [row(1), row(2, { ...working, blocks_per_second: 20 }), row(3, { blocks_per_second: 90 })];
    expect(sorted(jobs, 'rate')).toEqual([2, 3, 1]);
    expect(sorted(jobs, '-rate')).toEqual([3, 2, 1]);
  });

  test('keeps the slices in order where a column is alike', () => {
    const jobs = [row(3, working), row(1), row(2, working)];
    expect(sorted(jobs, 'state')).toEqual([1, 2, 3]);
    expect(sorted(jobs, '-state')).toEqual([2, 3, 1]);
  });

  test('takes numbers in the names of hosts as numbers', () => {
    const jobs = ['replay-10', 'replay-9', 'alpha'].map((worker_id, at) => row(at + 1, { worker_id }));
    expect(sorted(jobs, 'host')).toEqual([3, 2, 1]);
  });

  test.each(COLUMN_IDS)('by %s is read from the address as it is written there', (by) => {
    for (const descending of [false, true]) {
      const text = orderText({ by, descending });
      expect(readOrder(new URLSearchParams(text === null ? {} : { sort: text }))).toEqual({ by, descending });
    }
  });

  test('is turned round by a second click, and begins with the most where that is wanted', () => {
    const bySlice = { by: 'slice', descending: false } as const;
    expect(nextOrder(bySlice, 'host')).toEqual({ by: 'host', descending: false });
    expect(nextOrder(bySlice, 'rate')).toEqual({ by: 'rate', descending: true });
    expect(nextOrder(bySlice, 'slice')).toEqual({ by: 'slice', descending: true });
  });
});

describe('figures of a job', () => {
  test('of one at work', () => {
    const job = row(3, { ...working, last_block_processed: 2250, blocks_per_second: 10 });
    expect([shareDone(job), secondsLeft(job), secondsTaken(job, NOW)]).toEqual([0.25, 75, 600]);
  });

  test('of one that has not replayed a block', () => {
    const job = row(3, { ...working, blocks_per_second: 10 });
    expect([shareDone(job), secondsLeft(job)]).toEqual([0, 100]);
    expect(secondsLeft({ ...job, blocks_per_second: 0 })).toBeNull();
  });

  test('of one that is over', () => {
    const job = row(3, { status: 'COMPLETE', end_time: '2026-11-22T10:05:00' });
    expect([shareDone(job), secondsLeft(job), secondsTaken(job, NOW)]).toEqual([1, null, 300]);
  });

  test('of one that waits', () => {
    expect([shareDone(row(3)), secondsLeft(row(3)), secondsTaken(row(3), NOW)]).toEqual([0, null, null]);
  });
});
