import type {
  ComparedRunRecord,
  ComparedSideRecord,
  ComparedSliceRecord,
  ComparisonRecord,
} from '../../protocol/comparison-record.ts';
import type { ComparedRun, ComparedSide, ComparedSlice, Comparison } from './comparison.ts';

/** The comparison for programs. */
export function comparisonJson(comparison: Comparison): ComparisonRecord {
  const { outcome, a, b, totals, speed, slices } = comparison;
  return {
    outcome,
    a: runJson(a),
    b: runJson(b),
    totals: {
      slices: totals.slices,
      equal: totals.equal,
      hash_differs: totals.hashDiffers,
      verdict_differs: totals.verdictDiffers,
      unknown: totals.unknown,
      only_in_a: totals.onlyInA,
      only_in_b: totals.onlyInB,
    },
    speed: {
      finished_slices: speed.slices,
      duration_ms_a: speed.durationMsA,
      duration_ms_b: speed.durationMsB,
      median_ratio: rounded(speed.medianRatio),
    },
    slices: slices.map(sliceJson),
  };
}

function runJson(run: ComparedRun): ComparedRunRecord {
  return {
    run_id: run.runId,
    outcome: run.outcome,
    stand_in: run.standIn,
    requested_versions: run.requestedVersions,
    nodeos_versions: run.nodeosVersions,
    total_jobs: run.jobs.total,
    jobs_succeeded: run.jobs.succeeded,
    jobs_failed: run.jobs.failed,
    jobs_remaining: run.jobs.remaining,
    began_at: run.began,
    ended_at: run.ended,
    damage: run.damage,
  };
}

function sliceJson({
  startBlock,
  endBlock,
  difference,
  hashes,
  verdictDiffers,
  speedRatio,
  a,
  b,
}: ComparedSlice): ComparedSliceRecord {
  return {
    start_block: startBlock,
    end_block: endBlock,
    difference,
    hashes,
    verdict_differs: verdictDiffers,
    speed_ratio: rounded(speedRatio),
    a: a && sideJson(a),
    b: b && sideJson(b),
  };
}

function sideJson(side: ComparedSide): ComparedSideRecord {
  return {
    job_id: side.jobId,
    configuration_slice: side.sliceId,
    status: side.status,
    verdict: side.verdict,
    requested_version: side.requestedVersion,
    nodeos_version: side.nodeosVersion,
    worker_id: side.workerId,
    actual_integrity_hash: side.actualHash,
    duration_ms: side.durationMs,
    replay_ms: side.replayMs,
    blocks_per_second: rounded(side.blocksPerSecond),
  };
}

/** Three digits after the point. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
