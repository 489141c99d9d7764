import { expire } from '../domain/lease.ts';
import { isHeld } from '../domain/transition.ts';
import type { Context } from './context.ts';
import { personName } from './holder.ts';

/** Takes the jobs whose leases have run out from their holders. Resolves when that is on disk. */
export async function expireOverdue(context: Context, overdue: () => number[]): Promise<void> {
  const { store, leases, policy, random, now } = context;
  await store.change((jobs) => {
    // Only now is it decided who is overdue: a holder may have spoken in the same batch.
    for (const jobId of overdue()) {
      const stored = jobs.get(jobId);
      if (stored === undefined || !isHeld(stored.job.status)) {
        leases.end(jobId);
        continue;
      }
      const inputs = { policy, now: now(), random: random() };
      const job = expire(stored.job, personName(stored.holder), leases.termSeconds, inputs);
      jobs.put({ job, fence: job.revision, holder: null, lastUpdate: null });
    }
    return () => undefined;
  });
}
