/** Which of the waiting jobs a caller may be offered: not one that is to wait, nor one that it just failed. */
import type { Job } from './job.ts';
import { avoidedWorkers } from './retry.ts';

/** After so long without a word a host does not count as a place where a job could be run. Milliseconds. */
export const SEEN_MS = 10 * 60_000;

/** How long a job is kept for another host although none that could take it has been seen. Milliseconds. */
export const ALONE_MS = 5 * 60_000;

/** How long another host is preferred. Milliseconds. */
export const PREFERRED_MS = 60_000;

/** What is known when a caller asks. Times in milliseconds of one monotonic clock. */
export interface Situation {
  /** null: a caller that does not name itself; nothing is known of what it has failed. */
  readonly workerId: string | null;
  readonly now: number;
  /** From when on a job that failed may be offered again, its delay included; null: it has not failed. */
  readonly readyAt: (jobId: number) => number | null;
  /** Whether a host other than the caller and those to avoid has been seen lately and may be given jobs. */
  readonly hasOther: (avoided: ReadonlySet<string>) => boolean;
}

/**
 * Whether a waiting job may be offered to the caller. A run never waits for ever for a host that does
 * not come: after some minutes a job goes to the host that failed it, when there is no other.
 */
export function mayBeOffered(job: Job, { workerId, now, readyAt, hasOther }: Situation): boolean {
  const ready = readyAt(job.jobId);
  if (ready === null) return true;
  if (ready > now) return false;
  if (workerId === null) return true;
  const avoided = avoidedWorkers(job);
  const rule = avoided.get(workerId);
  if (rule === undefined) return true;
  if (rule === 'preferred') return now - ready >= PREFERRED_MS;
  return now - ready >= ALONE_MS && !hasOther(new Set(avoided.keys()));
}
