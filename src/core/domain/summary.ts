import type { Job, JobStatus, Verdict } from './job.ts';
import { JOB_STATUSES, VERDICTS } from './job.ts';
import type { HashConflict, SuspectSnapshot } from './ledger.ts';
import { paceOf, type Pace } from './pace.ts';
import type { TimeLeft } from './forecast/time-left.ts';
import { formatUtc } from './time.ts';
import { hasFailed, isFinal, isHeld } from './transition.ts';

export interface FailedJob {
  readonly status: JobStatus;
  readonly jobId: number;
  readonly sliceId: number;
}

/** Numbers of a run; what each means stands in protocol/summary-record.ts. */
export interface Summary {
  /** Sum of the slices' blocks: a range that is run with two versions is replayed, and counts, twice. */
  readonly totalBlocks: number;
  /** 0 to totalBlocks. */
  readonly blocksProcessed: number;
  readonly totalJobs: number;
  readonly jobsSucceeded: number;
  readonly jobsFailed: number;
  readonly failedJobs: readonly FailedJob[];
  readonly jobsRemaining: number;
  readonly isRunning: boolean;
  readonly hostCount: number;
  readonly statuses: Readonly<Record<JobStatus, number>>;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly blocksPerSecond: number | null;
  /** UTC, `YYYY-MM-DDTHH:MM:SS`. */
  readonly eta: string | null;
  readonly standIn: boolean;
  /** What nodeos said of itself, each once, sorted. */
  readonly nodeosVersions: readonly string[];
  readonly hashConflicts: readonly HashConflict[];
  readonly suspectSnapshots: readonly SuspectSnapshot[];
  /** Of the run so far (average-rate.ts). */
  readonly blocksPerSecondAverage: number | null;
  readonly timeLeft: TimeLeft | null;
}

/** What the hashes of a run say beyond the verdicts; both by block. */
export interface FoundHashes {
  readonly conflicts: readonly HashConflict[];
  readonly suspects: readonly SuspectSnapshot[];
}

/**
 * Sums up a run whose jobs are settled (ledger.ts). O(n) without the pace, and quick: it is asked for while workers wait.
 *
 * @param found by settling all of the jobs.
 * @param now for the times alone.
 * @param pace may be a little older than the jobs.
 */
export function summarise(
  jobs: readonly Job[],
  { conflicts, suspects }: FoundHashes,
  now: Date,
  pace: Pace = paceOf(jobs, now, 'manifest'),
): Summary {
  const tally = tallyOf(jobs);
  const left = tally.hosts.size > 0 ? pace.timeLeft : null;
  const failed = tally.failed.toSorted((a, b) => a.jobId - b.jobId);
  const nodeosVersions = [...tally.versions].toSorted();
  return {
    totalBlocks: tally.blocks,
    blocksProcessed: tally.processed,
    totalJobs: jobs.length,
    jobsSucceeded: tally.succeeded,
    jobsFailed: failed.length,
    failedJobs: failed.map(({ status, jobId, slice }) => ({ status, jobId, sliceId: slice.sliceId })),
    jobsRemaining: jobs.length - tally.succeeded - failed.length,
    isRunning: tally.open > 0,
    hostCount: tally.hosts.size,
    statuses: tally.statuses,
    verdicts: tally.verdicts,
    blocksPerSecond: tally.blocksPerSecond,
    eta:
      left === null
        ? after(now, tally.blocksLeft, tally.blocksPerSecond)
        : timeAfter(now, left.likelySeconds),
    standIn: nodeosVersions.some((version) => /stand-?in/i.test(version)),
    nodeosVersions,
    hashConflicts: conflicts,
    suspectSnapshots: suspects,
    blocksPerSecondAverage: pace.blocksPerSecondAverage,
    timeLeft: left,
  };
}

/** What is counted in one pass over the jobs. */
interface Tally {
  blocks: number;
  processed: number;
  /** Of jobs that are not final: blocks of jobs that failed are not coming, so nobody waits for them. */
  blocksLeft: number;
  open: number;
  succeeded: number;
  readonly failed: Job[];
  readonly hosts: Set<string | number>;
  readonly versions: Set<string>;
  readonly statuses: Record<JobStatus, number>;
  readonly verdicts: Record<Verdict, number>;
  /** Of all jobs that are being replayed; null when none says. */
  blocksPerSecond: number | null;
}

function tallyOf(jobs: readonly Job[]): Tally {
  const tally: Tally = {
    blocks: 0,
    processed: 0,
    blocksLeft: 0,
    open: 0,
    succeeded: 0,
    failed: [],
    hosts: new Set(),
    versions: new Set(),
    statuses: zeroes(JOB_STATUSES),
    verdicts: zeroes(VERDICTS),
    blocksPerSecond: null,
  };
  for (const job of jobs) add(tally, job);
  return tally;
}

function add(tally: Tally, job: Job): void {
  const { status, verdict, nodeosVersion } = job;
  const [blocks, processed] = [blocksOf(job), processedBlocks(job)];
  tally.blocks += blocks;
  tally.processed += processed;
  tally.statuses[status] += 1;
  if (verdict !== null) tally.verdicts[verdict] += 1;
  if (nodeosVersion !== null) tally.versions.add(nodeosVersion);
  if (!isFinal(status)) {
    tally.open += 1;
    tally.blocksLeft += blocks - processed;
  }
  if (hasFailed(job)) tally.failed.push(job);
  if (isSucceeded(job)) tally.succeeded += 1;
  if (isHeld(status)) tally.hosts.add(hostOf(job));
  if (status === 'WORKING' && job.blocksPerSecond !== null) {
    tally.blocksPerSecond = (tally.blocksPerSecond ?? 0) + job.blocksPerSecond;
  }
}

function zeroes<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

/** How many blocks a job has to replay. */
export function blocksOf({ slice }: Job): number {
  return slice.endBlock - slice.startBlock;
}

/** How many of them the current or last attempt has replayed, never more than there are. */
export function processedBlocks(job: Job): number {
  if (job.status === 'COMPLETE' || job.status === 'HASH_MISMATCH') return blocksOf(job);
  if (job.status === 'WAITING_4_WORKER') return 0;
  return Math.min(Math.max(job.lastBlockProcessed - job.slice.startBlock, 0), blocksOf(job));
}

/** When a job should end at its present rate. UTC; null when it cannot be told. */
export function jobEta(job: Job, now: Date): string | null {
  if (job.status !== 'WORKING') return null;
  return after(now, blocksOf(job) - processedBlocks(job), job.blocksPerSecond);
}

function isSucceeded({ status, verdict }: Job): boolean {
  return status === 'COMPLETE' && (verdict === 'VERIFIED' || verdict === 'UNVERIFIABLE');
}

/** A worker holds one job at a time, so a job of an unknown holder is a host of its own. */
function hostOf({ workerId, instanceId, jobId }: Job): string | number {
  return workerId ?? instanceId ?? jobId;
}

/** The last day that fits into the form `YYYY-…`. */
const LAST_DAY = Date.UTC(9999, 11, 31);

function after(now: Date, blocks: number, blocksPerSecond: number | null): string | null {
  if (blocksPerSecond === null || blocksPerSecond <= 0) return null;
  return timeAfter(now, blocks / blocksPerSecond);
}

function timeAfter(now: Date, seconds: number): string | null {
  const time = now.getTime() + seconds * 1000;
  return time < LAST_DAY ? formatUtc(new Date(time)) : null;
}
