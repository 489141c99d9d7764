import type { Distribution } from './distribution.ts';
import type { KnownFinding } from './known.ts';
import type { ReportModel } from './model.ts';
import type { ReportedJob } from './reported-job.ts';

/**
 * `replay report --format json`. Stable: fields are added, never renamed or removed (CONTRIBUTING.md);
 * docs/report.md describes them. Hashes are 64 lower-case hex digits; a value that is not known is null.
 */
export function renderJson(report: ReportModel): object {
  return {
    run_id: report.runId,
    outcome: report.outcome,
    stand_in: report.standIn,
    nodeos_versions: report.nodeosVersions,
    blocks_processed: report.blocks.processed,
    total_blocks: report.blocks.total,
    percent_processed: report.blocks.percent,
    total_jobs: report.jobs.total,
    jobs_succeeded: report.jobs.succeeded,
    jobs_failed: report.jobs.failed,
    jobs_remaining: report.jobs.remaining,
    verdicts: report.verdicts,
    failed_jobs: report.failures.map((failure) => ({
      job_id: failure.jobId,
      configuration_slice: failure.sliceId,
      status: failure.status,
      start_block: failure.startBlock,
      end_block: failure.endBlock,
      error_cause: failure.cause,
      error_message: failure.message,
      worker_id: failure.workerId,
      expected_integrity_hash: failure.expectedHash,
      actual_integrity_hash: failure.actualHash,
      attempt: failure.attempt,
      log_path: failure.log?.path ?? null,
      log_folder: failure.log?.folder ?? null,
    })),
    unverifiable_slices: report.unverifiable.map(sliceJson),
    pending_slices: report.pending.map(sliceJson),
    suspect_snapshots: report.suspects,
    hash_conflicts: report.conflicts,
    began_at: report.began,
    ended_at: report.ended,
    versions: report.versions.map(({ nodeosVersion, finishedSlices }) => ({
      nodeos_version: nodeosVersion,
      finished_slices: finishedSlices,
    })),
    timing: timingJson(report),
    slices: report.slices.map(wholeSliceJson),
    known_exceptions: report.known.map(knownJson),
    cost: report.cost,
    damage: report.damage,
  };
}

function sliceJson(slice: ReportedJob): object {
  return {
    job_id: slice.jobId,
    configuration_slice: slice.sliceId,
    start_block: slice.startBlock,
    end_block: slice.endBlock,
    actual_integrity_hash: slice.actualHash,
  };
}

function knownJson({ exception, state, job }: KnownFinding): object {
  const { about, reason, expires } = exception;
  return {
    state,
    job_id: job?.jobId ?? null,
    configuration_slice: job?.sliceId ?? ('slice' in about ? about.slice : null),
    reason,
    expires,
  };
}

/** Whole milliseconds. */
function timingJson({ timing }: ReportModel): object {
  return {
    slices: distributionJson(timing.slices),
    per_million_blocks: distributionJson(timing.perMillionBlocks),
    stages: Object.fromEntries(
      Object.entries(timing.stages).map(([stage, times]) => [stage, distributionJson(times)]),
    ),
    slowest_slices: timing.slowest.map(({ job, durationMs, perMillionBlocksMs }) => ({
      job_id: job.jobId,
      configuration_slice: job.sliceId,
      start_block: job.startBlock,
      end_block: job.endBlock,
      worker_id: job.workerId,
      duration_ms: durationMs,
      per_million_blocks_ms: Math.round(perMillionBlocksMs),
    })),
  };
}

function distributionJson(times: Distribution | null): object | null {
  if (times === null) return null;
  return {
    count: times.count,
    total_ms: Math.round(times.total),
    mean_ms: Math.round(times.mean),
    median_ms: Math.round(times.median),
    p75_ms: Math.round(times.p75),
    p90_ms: Math.round(times.p90),
    longest_ms: Math.round(times.longest),
    standard_deviation_ms: Math.round(times.standardDeviation),
  };
}

function wholeSliceJson(slice: ReportedJob): object {
  return {
    job_id: slice.jobId,
    configuration_slice: slice.sliceId,
    start_block: slice.startBlock,
    end_block: slice.endBlock,
    status: slice.status,
    verdict: slice.verdict,
    attempt: slice.attempt,
    worker_id: slice.workerId,
    requested_version: slice.requestedVersion,
    nodeos_version: slice.nodeosVersion,
    start_time: slice.startTime,
    end_time: slice.endTime,
    duration_ms: slice.durationMs,
    stage_times: slice.stageTimes,
    error_cause: slice.cause,
    expected_integrity_hash: slice.expectedHash,
    actual_integrity_hash: slice.actualHash,
  };
}
