import type { ReportModel } from './model.ts';

/**
 * `replay report --json`. Stable: fields are added, never renamed or removed (CONTRIBUTING.md).
 * Hashes are 64 lower-case hex digits; a value that is not known is null.
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
    })),
    unverifiable_slices: report.unverifiable.map(sliceJson),
    pending_slices: report.pending.map(sliceJson),
    suspect_snapshots: report.suspects,
    hash_conflicts: report.conflicts,
  };
}

function sliceJson(slice: ReportModel['pending'][number]): object {
  return {
    job_id: slice.jobId,
    configuration_slice: slice.sliceId,
    start_block: slice.startBlock,
    end_block: slice.endBlock,
    actual_integrity_hash: slice.actualHash,
  };
}
