import { isHeld } from '../domain/transition.ts';
import type { Job } from '../domain/job.ts';
import type { RunHosts } from '../protocol/to-summary-record.ts';
import type { Context } from './context.ts';

/** The hosts of the run in numbers. */
export function runHosts(context: Context): RunHosts {
  const held = heldJobs(context);
  const seen = context.fleet.hosts.all().filter(({ isSeen }) => isSeen);
  const idle = seen.filter(({ workerId }) => !held.has(workerId));
  return { seen: seen.length, idle: idle.length, cost: context.fleet.hosts.cost() };
}

/** The job that each worker holds. */
export function heldJobs({ leases, store }: Pick<Context, 'leases' | 'store'>): ReadonlyMap<string, Job> {
  const held = new Map<string, Job>();
  for (const jobId of leases.jobIds()) {
    const job = store.view.get(jobId)?.job;
    if (job?.workerId != null && isHeld(job.status)) held.set(job.workerId, job);
  }
  return held;
}
