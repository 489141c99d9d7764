import type { Cause } from '../domain/cause.ts';
import { ExitCode } from '../domain/exit-codes.ts';
import type { JobStatus, Verdict } from '../domain/job.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import type { HashConflictRecord, SummaryRecord, SuspectSnapshotRecord } from '../protocol/summary-record.ts';

/**
 * What became of a run.
 * - passed: every job is COMPLETE and none is contradicted.
 * - failed: at least one job ended in ERROR, TIMEOUT or HASH_MISMATCH. It may still be running.
 * - unfinished: nothing failed so far, and something is still to be done or to be compared.
 */
export type RunOutcome = 'passed' | 'failed' | 'unfinished';

export interface ReportedFailure {
  jobId: number;
  sliceId: number;
  status: JobStatus;
  startBlock: number;
  endBlock: number;
  cause: Cause | null;
  message: string | null;
  workerId: string | null;
  expectedHash: string | null;
  actualHash: string | null;
}

export interface ReportedSlice {
  jobId: number;
  sliceId: number;
  startBlock: number;
  endBlock: number;
  actualHash: string | null;
}

/** Everything the final report says, in the order in which it says it; every form is made from it. */
export interface ReportModel {
  runId: number;
  outcome: RunOutcome;
  /** True: hashes come from the stand-in, and the report proves nothing about a real nodeos. */
  standIn: boolean;
  nodeosVersions: string[];
  blocks: { total: number; processed: number; percent: number };
  jobs: { total: number; succeeded: number; failed: number; remaining: number };
  verdicts: Record<Verdict, number>;
  failures: ReportedFailure[];
  /** Complete, and nothing to compare with: neither proven nor refuted. */
  unverifiable: ReportedSlice[];
  /** Complete, and the hash to compare with is still to come from the next slice. */
  pending: ReportedSlice[];
  suspects: SuspectSnapshotRecord[];
  conflicts: HashConflictRecord[];
}

/** Builds the report of a run from what the orchestrator says of it. Pure. */
export function buildReport(summary: SummaryRecord, jobs: readonly FullJobRecord[]): ReportModel {
  return {
    runId: summary.run_id,
    outcome: outcomeOf(summary),
    standIn: summary.stand_in,
    nodeosVersions: summary.nodeos_versions,
    blocks: {
      total: summary.total_blocks,
      processed: summary.blocks_processed,
      percent: percentOf(summary.blocks_processed, summary.total_blocks),
    },
    jobs: {
      total: summary.total_jobs,
      succeeded: summary.jobs_succeeded,
      failed: summary.jobs_failed,
      remaining: summary.jobs_remaining,
    },
    verdicts: summary.verdicts,
    failures: jobs.filter(isFailed).map(failureOf),
    unverifiable: jobs.filter((job) => job.verdict === 'UNVERIFIABLE').map(sliceOf),
    pending: jobs.filter((job) => job.verdict === 'PENDING').map(sliceOf),
    suspects: summary.suspect_snapshots,
    conflicts: summary.hash_conflicts,
  };
}

/** The exit code of `replay report` (and of the demo) for an outcome. */
export function exitCodeOf(outcome: RunOutcome): ExitCode {
  switch (outcome) {
    case 'passed':
      return ExitCode.ok;
    case 'failed':
      return ExitCode.failed;
    case 'unfinished':
      return ExitCode.notFinished;
  }
}

/**
 * Rounded down to a tenth: 100 is said only when the last block is done. A run without blocks
 * cannot be (every slice has at least one), and counts as nothing done.
 */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * 1000) / 10;
}

function outcomeOf(summary: SummaryRecord): RunOutcome {
  if (summary.jobs_failed > 0) return 'failed';
  return summary.total_jobs > 0 && summary.jobs_succeeded === summary.total_jobs ? 'passed' : 'unfinished';
}

function isFailed(job: FullJobRecord): boolean {
  return job.status === 'ERROR' || job.status === 'TIMEOUT' || job.status === 'HASH_MISMATCH';
}

function failureOf(job: FullJobRecord): ReportedFailure {
  return {
    ...sliceOf(job),
    status: job.status,
    cause: job.status === 'HASH_MISMATCH' ? 'hash-mismatch' : job.error_cause,
    message: job.error_message,
    workerId: job.worker_id,
    expectedHash: job.expected_integrity_hash === '' ? null : job.expected_integrity_hash,
  };
}

function sliceOf(job: FullJobRecord): ReportedSlice {
  return {
    jobId: job.job_id,
    sliceId: job.replay_slice_id,
    startBlock: job.start_block_num,
    endBlock: job.end_block_num,
    actualHash: job.actual_integrity_hash,
  };
}
