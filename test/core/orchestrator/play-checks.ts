import { expect } from 'vitest';
import type { Cause } from '../../../src/core/domain/cause.ts';
import type { Attempt, Job } from '../../../src/core/domain/job.ts';
import { DEFAULT_BUDGETS, type RetryPolicy } from '../../../src/core/domain/retry-policy.ts';
import { isHeld } from '../../../src/core/domain/transition.ts';
import { hashOf } from './harness.ts';

/** What every slice has to arrive at. */
export const RIGHT = hashOf('e');

export const POLICY: RetryPolicy = {
  budgets: { ...DEFAULT_BUDGETS, 'host-lost': 2, interrupted: 2 },
  confirmMismatch: true,
};

/** A job without what came too late. */
export function withoutEvidence(job: Job): Job {
  return { ...job, attempts: job.attempts.map(({ lateResults: _late, ...attempt }) => attempt) };
}

/** What may never be different about an attempt that is over; a mismatch is marked later. */
function ended({ number, workerId, outcome, actualHash, cause, endTime }: Attempt): unknown {
  return { number, workerId, outcome, actualHash, endTime, cause: cause === 'hash-mismatch' ? null : cause };
}

/** What holds for a job at any time, and between two times. */
export function checkJob(job: Job, before: Job): void {
  const over = before.attempts.filter(({ outcome }) => outcome !== null);
  expect(job.attempts.slice(0, over.length).map(ended)).toEqual(over.map(ended));
  const open = job.attempts.filter(({ outcome }) => outcome === null);
  expect(open).toHaveLength(isHeld(job.status) ? 1 : 0);
  const life = job.attempts.slice(job.formerAttempts ?? 0);
  checkBudgets(job, life);
  const results = life.filter(({ outcome }) => outcome === 'COMPLETE');
  expect(results.length).toBeLessThanOrEqual(2);
  if (results.length === 2) expect(results[0]).toMatchObject({ cause: 'hash-mismatch' });
  checkVerdict(job, results);
}

function checkBudgets(job: Job, life: readonly Attempt[]): void {
  const failures = Map.groupBy(
    life.filter(({ cause }) => cause !== null),
    ({ cause }) => cause as Cause,
  );
  for (const [cause, failed] of failures) {
    const budget = cause === 'hash-mismatch' ? 1 : POLICY.budgets[cause];
    expect(failed.length).toBeLessThanOrEqual(job.status === 'WAITING_4_WORKER' ? budget : budget + 1);
  }
}

/** The verdict is that of the last result against the known hash, and there is none without a result. */
function checkVerdict(job: Job, results: readonly Attempt[]): void {
  const last = results.at(-1);
  if (job.status === 'COMPLETE') {
    expect([job.verdict, job.actualHash, last?.actualHash]).toEqual(['VERIFIED', RIGHT, RIGHT]);
  } else if (job.status === 'HASH_MISMATCH') {
    expect([job.verdict, job.actualHash]).toEqual(['MISMATCH', last?.actualHash]);
    expect(job.actualHash).not.toBe(RIGHT);
  } else {
    expect(job.verdict).toBeNull();
  }
  // A wrong hash is not retried away: whatever comes of its confirmation, it stands.
  if (job.status === 'ERROR' || job.status === 'TIMEOUT') expect(results).toEqual([]);
}
