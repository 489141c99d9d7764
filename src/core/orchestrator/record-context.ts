import type { RecordContext } from '../protocol/to-full-record.ts';
import type { Context } from './context.ts';

/** What the full records of this moment say beyond the jobs themselves. */
export function recordContext({ leases, policy, now }: Context): RecordContext {
  return {
    now: now(),
    leaseSeconds: leases.termSeconds,
    leaseExpiresAt: (jobId) => leases.expiresAt(jobId),
    policy,
  };
}
