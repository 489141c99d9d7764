import type { Attempt, Job, LateResult } from './job.ts';
import { isHeld } from './transition.ts';

/** Of one attempt; what comes after that is not kept. */
export const MAX_LATE_RESULTS = 5;
const MAX_MESSAGE = 2000;

/**
 * Keeps what a worker reports of an attempt that is over, as evidence on that attempt. Nothing else of
 * the job changes, its revision included.
 *
 * @returns null when there is nothing to keep: the worker never had the job, has it again, or says what
 *   is known already.
 */
export function withLateResult(job: Job, workerId: string, result: LateResult): Job | null {
  if (isHeld(job.status) && job.workerId === workerId) return null;
  const attempt = job.attempts.findLast((made) => made.workerId === workerId && made.outcome !== null);
  if (attempt === undefined || isKnown(attempt, result)) return null;
  const kept = attempt.lateResults ?? [];
  if (kept.length >= MAX_LATE_RESULTS) return null;
  const message = result.message?.slice(0, MAX_MESSAGE) ?? null;
  const lateResults = [...kept, { ...result, message }];
  return {
    ...job,
    attempts: job.attempts.map((made) => (made === attempt ? { ...attempt, lateResults } : made)),
  };
}

function isKnown({ outcome, actualHash, cause, lateResults = [] }: Attempt, result: LateResult): boolean {
  const reported = { status: outcome, hash: actualHash, cause };
  return [reported, ...lateResults].some(
    (known) =>
      known.status === result.status &&
      (result.status === 'COMPLETE' ? known.hash === result.hash : known.cause === result.cause),
  );
}
