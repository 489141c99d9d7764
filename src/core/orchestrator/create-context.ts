import type { Cause } from '../domain/cause.ts';
import type { Job } from '../domain/job.ts';
import { DEFAULT_LEASE_SECONDS } from '../domain/lease.ts';
import { confirmFirst } from '../domain/retry.ts';
import type { JobOrder } from '../domain/schedule.ts';
import { isHeld } from '../domain/transition.ts';
import type { Logger } from '../log/logger.ts';
import { RunArchive } from '../runs/run-archive.ts';
import type { JobChange, JobStore } from '../store/job-store.ts';
import { policyOf } from '../store/run-policy.ts';
import { toHostRow, type HostRow } from '../protocol/host-record.ts';
import { ClearedHosts } from './cleared-hosts.ts';
import { systemClock, type MonotonicClock } from './clock.ts';
import type { Context } from './context.ts';
import { DismissedHosts } from './dismissed-hosts.ts';
import { expireOverdue } from './expire-overdue.ts';
import { FleetKeeper } from './fleet-keeper.ts';
import { HostEvents } from './events/host-events.ts';
import { RunEvents } from './events/run-events.ts';
import { Meters } from './metrics/meters.ts';
import { RunHistory } from './history/run-history.ts';
import { Hosts } from './hosts.ts';
import { JobOffers } from './job-offers.ts';
import { hostRecords } from './known-hosts.ts';
import { Leases } from './leases.ts';
import { LiveLogs } from './logs/live-logs.ts';
import { logJobChange } from './log-job-change.ts';
import type { ManifestWriter } from './manifest-writer.ts';
import type { Program } from '../files/program-file.ts';
import { Rates } from './rates.ts';
import { RetryTimes } from './retry-times.ts';
import { RunPause } from './run-pause.ts';
import { keepSettings } from './run-settings.ts';

/** How jobs are kept with their holders, and what follows a failure. */
export interface CareOptions {
  /** Term of a lease, in seconds. */
  leaseSeconds?: number;
  /** Budgets by cause; what is not named stays as the run has it. */
  retries?: Partial<Record<Cause, number>>;
  /** undefined: as the run has it. */
  confirmMismatch?: boolean | undefined;
  clock?: MonotonicClock;
  random?: () => number;
}

interface Parts {
  store: JobStore;
  manifest: ManifestWriter | null;
  order: JobOrder;
  now: () => Date;
  logger: Logger;
  care: CareOptions;
  /** Of this program. */
  version?: string | undefined;
  program?: Program | null;
  /** Of this process, whatever run it is at. */
  meters?: Meters;
  /** Of this process, too. */
  dismissed?: DismissedHosts;
}

/** Puts together what the handlers work with, and has it follow every change of a job. */
export async function createContext(parts: Parts): Promise<Context> {
  const { store, manifest, order, now, logger, care, version = 'unknown' } = parts;
  const { program = null, meters = new Meters() } = parts;
  store.order = order;
  store.onWritten = (seconds) => meters.written(seconds);
  const { clock = systemClock(), random = Math.random, leaseSeconds = DEFAULT_LEASE_SECONDS } = care;
  const asked = { retries: care.retries ?? {}, confirmMismatch: care.confirmMismatch };
  const policy = policyOf(store.run.info.settings, asked);
  await keepSettings(store.run, policy, leaseSeconds);
  const dismissed = parts.dismissed ?? new DismissedHosts(clock);
  const cleared = await ClearedHosts.open(store.run.path, logger);
  const hosts = new Hosts(jobsOf(store), cleared, clock);
  const fleet = await FleetKeeper.open({ runFolder: store.run.path, clock, now, logger });
  const leases = new Leases({ termSeconds: leaseSeconds, clock, now, logger });
  const retryTimes = new RetryTimes(clock);
  for (const job of jobsOf(store)) retryTimes.note(job);
  const offers = new JobOffers({ view: store.view, order, hosts, retryTimes, clock });
  store.onChange((change) => {
    if (!isHeld(change.job.status)) leases.end(change.job.jobId);
    retryTimes.note(change.job, change.before);
    noteEnd(change, hosts, logger);
  });
  store.onChange((change) => logJobChange(logger, change));
  const rates = new Rates(now);
  store.onChange(({ job }) => rates.note(job));
  const liveLogs = new LiveLogs({ store, clock, logger });
  const events = new RunEvents({ store, clock, epoch: epochOf(now(), random) });
  const readHosts = (): HostRow[] => {
    const recordOf = hostRecords({ fleet, hosts, leases, store }, 0);
    return fleet.hosts.all().map((host) => toHostRow(recordOf(host)));
  };
  const hostEvents = new HostEvents({ clock, now, read: readHosts });
  await confirmMismatches(store, (job) => confirmFirst(job, policy, now()));
  const pause = await RunPause.open(store.run.path, now(), logger);
  pause.onChange(() => events.summaryChanged());
  const runs = new RunArchive(store.run);
  return {
    store,
    offers,
    leases,
    hosts,
    dismissed,
    fleet,
    liveLogs,
    events,
    hostEvents,
    policy,
    pause,
    manifest,
    runs,
    meters,
    rates,
    history: await RunHistory.open(store.run.path, logger),
    now,
    random,
    logger,
    version,
    program,
  };
}

/** From now on leases run. */
export function beginLeases(context: Context): void {
  const held = [...context.store.view.all()].filter(({ job }) => isHeld(job.status));
  const heldIds = held.map(({ job }) => job.jobId);
  context.leases.begin(heldIds, (overdue) => expireOverdue(context, overdue));
}

/** Names one life of the orchestrator. */
function epochOf(now: Date, random: () => number): string {
  return `${now.getTime().toString(36)}${Math.floor(random() * 36 ** 4).toString(36)}`;
}

function* jobsOf(store: JobStore): Iterable<Job> {
  for (const { job } of store.view.all()) yield job;
}

/** Mismatches to be confirmed: those that are there when this is first asked for, and all later ones. */
async function confirmMismatches(store: JobStore, review: (job: Job) => Job): Promise<void> {
  store.review = review;
  const changes = [...store.view.all()].flatMap((stored) => {
    const job = review(stored.job);
    return job === stored.job ? [] : [{ ...stored, job }];
  });
  if (changes.length === 0) return;
  await store.change((jobs) => {
    for (const stored of changes) jobs.put(stored);
    return () => undefined;
  });
}

/** Tells the health of the host whose attempt is over. */
function noteEnd({ job, before }: JobChange, hosts: Hosts, logger: Logger): void {
  const open = before.attempts.at(-1);
  const attempt = open?.outcome === null ? job.attempts[before.attempts.length - 1] : undefined;
  if (attempt === undefined || attempt.outcome === null) return;
  const { workerId } = attempt;
  const wasSetAside = hosts.setAside(workerId) !== null;
  hosts.ended(workerId, { jobId: job.jobId, attempt });
  const host = hosts.setAside(workerId);
  if (host === null || wasSetAside) return;
  const causes = host.failures.map(({ cause }) => cause);
  logger.warn({ worker: workerId, causes }, 'a host is set aside: it gets no more jobs for now');
}
