import { isHeld } from '../domain/transition.ts';
import type { Job } from '../domain/job.ts';
import type { JobView } from '../store/job-table.ts';
import type { Context } from './context.ts';

/** The job that a caller holds; null when it holds none. */
export function heldBy(jobs: Pick<JobView, 'get'>, { leases }: Context, caller: string): Job | null {
  for (const jobId of leases.jobIds()) {
    const stored = jobs.get(jobId);
    if (stored !== undefined && stored.holder === caller && isHeld(stored.job.status)) return stored.job;
  }
  return null;
}

/** A holder in a sentence: `worker host-1`, `the client at 10.0.0.5`. */
export function personName(holder: string | null): string {
  if (holder === null) return 'the holder';
  return holder.replace(/^address /, 'the client at ');
}
