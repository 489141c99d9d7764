import type { SetAsideHost } from '../domain/host-health.ts';

/** The failure for which a host was last told to be set aside. */
export interface HostTold {
  readonly jobId: number;
  readonly attempt: number;
}

/**
 * A host that is still set aside for the failure that was told is no news; one that was cleared and is
 * set aside again has none of the old failures.
 */
export function hostNews(host: SetAsideHost, told: HostTold | null): HostTold | null {
  const { failures } = host;
  const last = failures.at(-1);
  const known = failures.some(({ jobId, attempt }) => jobId === told?.jobId && attempt === told.attempt);
  return last === undefined || known ? null : { jobId: last.jobId, attempt: last.attempt };
}

/** Anybody may name a worker as they like; an id is printable ASCII. */
export function hostNewsId(workerId: string, { jobId, attempt }: HostTold): string {
  return `host ${encodeURIComponent(workerId.toWellFormed())}/job ${jobId}/attempt ${attempt}/host-set-aside`;
}
