import { hostHistories, NO_HISTORY } from '../domain/host-history.ts';
import type { Job } from '../domain/job.ts';
import { toHostRecord } from '../protocol/to-host-record.ts';
import type { HostRecord } from '../protocol/host-record.ts';
import type { Context } from './context.ts';
import type { FleetHost } from './fleet.ts';
import { heldJobs } from './run-hosts.ts';

type Known = Pick<Context, 'fleet' | 'hosts' | 'leases' | 'store'>;

/** What is told of a host; looks at all jobs once, and may then be asked for many hosts. */
export function hostRecords(
  { hosts, leases, store }: Known,
  mostAttempts: number,
): (host: FleetHost) => HostRecord {
  const held = heldJobs({ leases, store });
  const histories = hostHistories(jobsOf(store), mostAttempts);
  return (host) => {
    const { workerId } = host;
    const isSetAside = hosts.setAside(workerId) !== null;
    const job = held.get(workerId) ?? null;
    return toHostRecord({ ...host, isSetAside, job, history: histories.get(workerId) ?? NO_HISTORY });
  };
}

function* jobsOf(store: Context['store']): Iterable<Job> {
  for (const { job } of store.view.all()) yield job;
}
