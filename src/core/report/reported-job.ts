import type { Cause } from '../domain/cause.ts';
import type { JobStatus, StageTimes, Verdict } from '../domain/job.ts';
import { standingOf, STANDINGS, type Standing } from '../domain/standing.ts';
import { parseUtc } from '../domain/time.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';

/** In a report it is one thing what a host is doing with a slice that is not at its end. */
export type ReportedStanding = Exclude<Standing, 'loading'>;
export const REPORTED_STANDINGS = STANDINGS.filter((standing) => standing !== 'loading');

/** Where the log of an attempt is. */
export interface LogPlace {
  /** Numbers of jobs are those of one run. */
  runId: number;
  /** Path on the orchestrator of the last lines of nodeos; null: they are sent only with an ERROR. */
  path: string | null;
  /** In the data directory of the worker: everything, while it is kept there. */
  folder: string;
}

/** One slice as every form of the report shows it. Times are UTC, `YYYY-MM-DDTHH:MM:SS`. */
export interface ReportedJob {
  jobId: number;
  sliceId: number;
  startBlock: number;
  endBlock: number;
  standing: ReportedStanding;
  status: JobStatus;
  verdict: Verdict | null;
  /** Only of a slice that failed. */
  cause: Cause | null;
  message: string | null;
  workerId: string | null;
  /** Of the attempt that the rest is about; 0 before the first. */
  attempt: number;
  expectedHash: string | null;
  actualHash: string | null;
  /** What the manifest asks for, and what `nodeos --version` said. */
  requestedVersion: string | null;
  nodeosVersion: string | null;
  /** Null before the first attempt. */
  startTime: string | null;
  endTime: string | null;
  /** From the claim to the end of the last attempt; null unless it reached the end block. */
  durationMs: number | null;
  stageTimes: StageTimes;
  log: LogPlace | null;
}

/** @param runId of the run that the job belongs to */
export function reportedJob(job: FullJobRecord, runId: number): ReportedJob {
  const standing = reportedStanding(job);
  const wrong = standing === 'failed' || standing === 'mismatch';
  return {
    jobId: job.job_id,
    sliceId: job.replay_slice_id,
    startBlock: job.start_block_num,
    endBlock: job.end_block_num,
    standing,
    status: job.status,
    verdict: job.verdict,
    cause: standing === 'mismatch' ? 'hash-mismatch' : wrong ? job.error_cause : null,
    message: wrong ? job.error_message : null,
    workerId: job.worker_id,
    attempt: job.attempt,
    expectedHash: job.expected_integrity_hash === '' ? null : job.expected_integrity_hash,
    actualHash: job.actual_integrity_hash,
    requestedVersion: job.leap_version ?? job.spring_version ?? null,
    nodeosVersion: job.nodeos_version,
    startTime: job.attempt === 0 ? null : job.start_time,
    endTime: job.end_time,
    durationMs: durationOf(job),
    stageTimes: job.stage_times,
    log: job.attempt === 0 ? null : logOf(job, runId),
  };
}

function reportedStanding(job: FullJobRecord): ReportedStanding {
  const standing = standingOf(job);
  return standing === 'loading' ? 'running' : standing;
}

function durationOf(job: FullJobRecord): number | null {
  if (job.status !== 'COMPLETE' && job.status !== 'HASH_MISMATCH') return null;
  const start = parseUtc(job.start_time);
  const end = job.end_time === null ? null : parseUtc(job.end_time);
  if (start === null || end === null) return null;
  // The clock of the orchestrator may have been set back in between.
  return Math.max(0, end.getTime() - start.getTime());
}

function logOf({ job_id, attempt, status }: FullJobRecord, runId: number): LogPlace {
  return {
    runId,
    path: status === 'ERROR' ? `/job/log?jobid=${job_id}&attempt=${attempt}&run=${runId}` : null,
    folder: `logs/job-${job_id}-attempt-${attempt}`,
  };
}
