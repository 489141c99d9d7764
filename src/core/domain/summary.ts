import type { Job, JobStatus, Verdict } from './job.ts';
import { JOB_STATUSES, VERDICTS } from './job.ts';
import type { HashConflict, SuspectSnapshot } from './ledger.ts';
import { formatUtc } from './time.ts';
import { isFinal, isHeld } from './transition.ts';

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
}

/** What the hashes of a run say beyond the verdicts; both by block. */
export interface FoundHashes {
  readonly conflicts: readonly HashConflict[];
  readonly suspects: readonly SuspectSnapshot[];
}

/**
 * Sums up a run whose jobs are settled (ledger.ts). O(n), and quick: it is asked for while workers wait.
 *
 * @param found by settling all of the jobs.
 * @param now for the ETA alone.
 */
export function summarise(jobs: readonly Job[], { conflicts, suspects }: FoundHashes, now: Date): Summary {
  const failed = jobs.filter(isFailed).toSorted((a, b) => a.jobId - b.jobId);
  const succeeded = jobs.filter(isSucceeded).length;
  const blocksPerSecond = rateOf(jobs);
  const nodeosVersions = reportedVersions(jobs);
  return {
    totalBlocks: sum(jobs, blocksOf),
    blocksProcessed: sum(jobs, processedBlocks),
    totalJobs: jobs.length,
    jobsSucceeded: succeeded,
    jobsFailed: failed.length,
    failedJobs: failed.map(({ status, jobId, slice }) => ({ status, jobId, sliceId: slice.sliceId })),
    jobsRemaining: jobs.length - succeeded - failed.length,
    isRunning: jobs.some(({ status }) => !isFinal(status)),
    hostCount: new Set(jobs.filter(({ status }) => isHeld(status)).map(hostOf)).size,
    statuses: count(JOB_STATUSES, jobs, ({ status }) => status),
    verdicts: count(VERDICTS, jobs, ({ verdict }) => verdict),
    blocksPerSecond,
    eta: etaOf(jobs, blocksPerSecond, now),
    standIn: nodeosVersions.some((version) => /stand-?in/i.test(version)),
    nodeosVersions,
    hashConflicts: conflicts,
    suspectSnapshots: suspects,
  };
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

function isFailed({ status }: Job): boolean {
  return status === 'ERROR' || status === 'TIMEOUT' || status === 'HASH_MISMATCH';
}

function isSucceeded({ status, verdict }: Job): boolean {
  return status === 'COMPLETE' && (verdict === 'VERIFIED' || verdict === 'UNVERIFIABLE');
}

/** A worker holds one job at a time, so a job of an unknown holder is a host of its own. */
function hostOf({ workerId, instanceId, jobId }: Job): string | number {
  return workerId ?? instanceId ?? jobId;
}

function rateOf(jobs: readonly Job[]): number | null {
  const rates = jobs.flatMap(({ status, blocksPerSecond }) =>
    status === 'WORKING' && blocksPerSecond !== null ? [blocksPerSecond] : [],
  );
  return rates.length === 0 ? null : rates.reduce((total, rate) => total + rate, 0);
}

/** Blocks of jobs that failed are not coming, so nobody waits for them. */
function etaOf(jobs: readonly Job[], blocksPerSecond: number | null, now: Date): string | null {
  const left = sum(
    jobs.filter(({ status }) => !isFinal(status)),
    (job) => blocksOf(job) - processedBlocks(job),
  );
  return after(now, left, blocksPerSecond);
}

/** The last day that fits into the form `YYYY-…`. */
const LAST_DAY = Date.UTC(9999, 11, 31);

function after(now: Date, blocks: number, blocksPerSecond: number | null): string | null {
  if (blocksPerSecond === null || blocksPerSecond <= 0) return null;
  const time = now.getTime() + (blocks / blocksPerSecond) * 1000;
  return time < LAST_DAY ? formatUtc(new Date(time)) : null;
}

function reportedVersions(jobs: readonly Job[]): string[] {
  const versions = jobs.flatMap(({ nodeosVersion }) => (nodeosVersion === null ? [] : [nodeosVersion]));
  return [...new Set(versions)].toSorted();
}

function sum(jobs: readonly Job[], value: (job: Job) => number): number {
  return jobs.reduce((total, job) => total + value(job), 0);
}

function count<Name extends string>(
  names: readonly Name[],
  jobs: readonly Job[],
  nameOf: (job: Job) => Name | null,
): Record<Name, number> {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  for (const job of jobs) {
    const name = nameOf(job);
    if (name !== null) counts[name] += 1;
  }
  return counts;
}
