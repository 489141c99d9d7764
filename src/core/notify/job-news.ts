/**
 * Which state of a job is told. What has been told of it before decides what is news, so the same state
 * gives the same answer however often it is looked at: after each change, and again at a start.
 *
 * mismatch-unconfirmed  a wrong hash, and the slice is run once more before it counts (--confirm-mismatch)
 * mismatch              HASH_MISMATCH: it counts
 * mismatch-withdrawn    one of the two was told, and the job is now COMPLETE and not contradicted
 * job-failed            ERROR or TIMEOUT: no other attempt follows by itself
 */
import type { Job } from '../domain/job.ts';
import { currentLife } from '../domain/retry.ts';
import type { JobKind } from './notification.ts';

/** What was last told of a job. */
export interface JobTold {
  readonly kind: JobKind;
  readonly attempt: number;
  /** From 1: with which mismatch of the attempt this is about. One may be withdrawn and come back. */
  readonly round: number;
  /** A mismatch was told and not withdrawn. */
  readonly mismatch: boolean;
}

/** @returns what is to be told now, null when there is no news */
export function jobNews(job: Job, told: JobTold | null): JobTold | null {
  const fact = factOf(job, told?.mismatch === true);
  if (fact === null) return null;
  const { kind, attempt } = fact;
  const mismatch = kind === 'job-failed' ? told?.mismatch === true : kind !== 'mismatch-withdrawn';
  if (told?.attempt !== attempt) return { ...fact, round: 1, mismatch };
  if (told.kind === kind) return null;
  const again = told.kind === 'mismatch-withdrawn' && kind === 'mismatch';
  return { ...fact, round: told.round + (again ? 1 : 0), mismatch };
}

/** The id of what is told of a job, within its run. */
export function jobNewsId(jobId: number, { kind, attempt, round }: JobTold): string {
  return `job ${jobId}/attempt ${attempt}/${kind}${round === 1 ? '' : `/${round}`}`;
}

function factOf(job: Job, mismatchTold: boolean): Pick<JobTold, 'kind' | 'attempt'> | null {
  switch (job.status) {
    case 'HASH_MISMATCH':
      return { kind: 'mismatch', attempt: resultAttempt(job) };
    case 'ERROR':
    case 'TIMEOUT':
      return { kind: 'job-failed', attempt: job.attempts.length };
    case 'COMPLETE': {
      // While the verdict is pending the next hash may contradict it again.
      const stands = job.verdict === 'VERIFIED' || job.verdict === 'UNVERIFIABLE';
      return mismatchTold && stands ? { kind: 'mismatch-withdrawn', attempt: resultAttempt(job) } : null;
    }
    case 'WAITING_4_WORKER':
    case 'STARTED':
    case 'LOADING_SNAPSHOT':
    case 'WORKING': {
      const attempt = unconfirmedAttempt(job);
      return attempt === null ? null : { kind: 'mismatch-unconfirmed', attempt };
    }
  }
}

/** The attempt whose hash the job shows. */
function resultAttempt({ attempts, actualHash }: Job): number {
  const made = attempts.findLast(
    (attempt) => attempt.outcome === 'COMPLETE' && attempt.actualHash === actualHash,
  );
  return made?.number ?? attempts.length;
}

/** The attempt of a job at work whose mismatch is to be confirmed (retry.ts); null: there is none. */
function unconfirmedAttempt(job: Job): number | null {
  const made = currentLife(job).find(
    ({ outcome, cause }) => outcome === 'COMPLETE' && cause === 'hash-mismatch',
  );
  return made?.number ?? null;
}
