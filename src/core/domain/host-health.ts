/**
 * Tells a host that fails from jobs that fail. Three attempts in a row that ended for host-like causes
 * set a worker aside: it gets no more jobs until it passes a self-check or a person clears it.
 */
import type { Cause } from './cause.ts';
import type { Attempt, Job } from './job.ts';

export const FAILURES_IN_A_ROW = 3;

/**
 * What an attempt's end says of the host that made it.
 *
 * A download counts although the server may be to blame: a host without credentials or network is the
 * usual case, and during an outage hosts that stand aside save the budgets of the jobs. A crash, a stall
 * or missing evidence does not: a build that fails everywhere would set aside every host of the fleet,
 * and the failures are what the run is to find out. They even speak for the host, which has installed,
 * fetched and started until then. A host that was told to stop, or whose slice cannot work, has shown
 * nothing.
 */
const MEANING: Readonly<Record<Cause, 'against' | 'for' | 'nothing'>> = {
  install: 'against',
  download: 'against',
  'disk-full': 'against',
  'out-of-memory': 'against',
  'host-lost': 'against',
  interrupted: 'nothing',
  'bad-job': 'nothing',
  'corrupt-snapshot': 'for',
  'blocks-log': 'for',
  'nodeos-crash': 'for',
  stalled: 'for',
  'no-evidence': 'for',
  'hash-mismatch': 'for',
};

/** One attempt that counts against its host. */
export interface HostFailure {
  readonly jobId: number;
  readonly attempt: number;
  readonly cause: Cause;
  readonly message: string | null;
  /** UTC, `YYYY-MM-DDTHH:MM:SS`. */
  readonly at: string;
}

export interface SetAsideHost {
  readonly workerId: string;
  /** End of the attempt that was one too many. UTC. */
  readonly since: string;
  /** The last ones in a row, oldest first. */
  readonly failures: readonly HostFailure[];
}

/** An attempt that is over, with the job it was for. */
export interface EndedAttempt {
  readonly jobId: number;
  readonly attempt: Attempt;
}

/** Failures in a row after one more attempt; only as many as are needed are kept. */
export function afterAttempt(
  inARow: readonly HostFailure[],
  { jobId, attempt }: EndedAttempt,
): readonly HostFailure[] {
  const { outcome, cause, message, endTime, number } = attempt;
  if (outcome === 'COMPLETE') return [];
  switch (cause === null ? 'nothing' : MEANING[cause]) {
    case 'for':
      return [];
    case 'nothing':
      return inARow;
    case 'against': {
      const failure = { jobId, attempt: number, cause: cause as Cause, message, at: endTime ?? '' };
      return [...inARow, failure].slice(-FAILURES_IN_A_ROW);
    }
  }
}

/**
 * The attempts that are over, by worker, each worker's in the order in which it made them.
 *
 * @param cleared by worker: the number of the run's last claim before it was cleared. Attempts up to
 *   that one do not count any more.
 */
export function attemptsByWorker(
  jobs: Iterable<Job>,
  cleared: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly EndedAttempt[]> {
  const byWorker = new Map<string, EndedAttempt[]>();
  for (const { jobId, attempts } of jobs) {
    for (const attempt of attempts) {
      const { workerId, outcome, claimNumber = 0 } = attempt;
      if (workerId === null || outcome === null || claimNumber <= (cleared.get(workerId) ?? 0)) continue;
      const made = byWorker.get(workerId) ?? [];
      made.push({ jobId, attempt });
      byWorker.set(workerId, made);
    }
  }
  for (const made of byWorker.values()) made.sort(byClaim);
  return byWorker;
}

function byClaim(one: EndedAttempt, other: EndedAttempt): number {
  return (one.attempt.claimNumber ?? 0) - (other.attempt.claimNumber ?? 0);
}

/** The host as it is shown when it is set aside; null while it is not. */
export function setAside(workerId: string, inARow: readonly HostFailure[]): SetAsideHost | null {
  const last = inARow.at(-1);
  if (last === undefined || inARow.length < FAILURES_IN_A_ROW) return null;
  return { workerId, since: last.at, failures: inARow };
}

/** The hosts that are set aside by what the jobs of a run say, by name. */
export function allSetAside(jobs: Iterable<Job>, cleared: ReadonlyMap<string, number>): SetAsideHost[] {
  const hosts = [...attemptsByWorker(jobs, cleared)].flatMap(
    ([workerId, made]) => setAside(workerId, made.reduce<readonly HostFailure[]>(afterAttempt, [])) ?? [],
  );
  return hosts.toSorted((a, b) => (a.workerId < b.workerId ? -1 : 1));
}
