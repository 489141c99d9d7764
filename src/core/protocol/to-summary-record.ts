import type { RunCost } from '../domain/cost.ts';
import type { SetAsideHost } from '../domain/host-health.ts';
import type { TimeLeft } from '../domain/forecast/time-left.ts';
import type { Summary } from '../domain/summary.ts';
import type { CostRecord, PausedRecord, SummaryRecord, TimeLeftRecord } from './summary-record.ts';

/** The hosts of a run as they are now. */
export interface RunHosts {
  seen: number;
  idle: number;
  cost: RunCost | null;
}

/** GET /summary. The order of the first six keys is the older service's. */
export function toSummaryRecord(
  summary: Summary,
  runId: number,
  setAside: readonly SetAsideHost[],
  hosts: RunHosts,
  paused: PausedRecord | null = null,
): SummaryRecord {
  const { timeLeft } = summary;
  return {
    total_blocks: summary.totalBlocks,
    blocks_processed: summary.blocksProcessed,
    total_jobs: summary.totalJobs,
    jobs_succeeded: summary.jobsSucceeded,
    jobs_failed: summary.jobsFailed,
    failed_jobs: summary.failedJobs.map(({ status, jobId, sliceId }) => ({
      status,
      jobid: jobId,
      configid: sliceId,
    })),
    jobs_remaining: summary.jobsRemaining,
    is_running: summary.isRunning,
    host_count: summary.hostCount,
    statuses: { ...summary.statuses },
    verdicts: { ...summary.verdicts },
    blocks_per_second: summary.blocksPerSecond,
    eta: summary.eta,
    run_id: runId,
    stand_in: summary.standIn,
    nodeos_versions: [...summary.nodeosVersions],
    hash_conflicts: summary.hashConflicts.map((conflict) => ({
      block: conflict.block,
      configid: conflict.sliceId,
      version: conflict.version,
      actual: conflict.actual,
      snapshot: conflict.snapshot,
      known: conflict.known,
      attempts: conflict.attempts.map(({ attempt, workerId, hash, late }) => ({
        attempt,
        worker_id: workerId,
        hash,
        late,
      })),
      older_snapshots: [...conflict.olderSnapshots],
    })),
    suspect_snapshots: summary.suspectSnapshots.map((suspect) => ({
      block: suspect.block,
      snapshot_path: suspect.snapshotPath,
      ending_configid: suspect.endingSliceId,
      starting_configid: suspect.startingSliceId,
      reason: suspect.reason,
    })),
    hosts_set_aside: setAside.map(({ workerId, since, failures }) => ({
      worker_id: workerId,
      since,
      failures: failures.map(({ jobId, attempt, cause, message }) => ({
        job_id: jobId,
        attempt,
        error_cause: cause,
        error_message: message,
      })),
    })),
    hosts_seen: hosts.seen,
    hosts_idle: hosts.idle,
    cost: hosts.cost && toCostRecord(hosts.cost),
    blocks_per_second_average: hundredths(summary.blocksPerSecondAverage),
    time_left: timeLeft && toTimeLeftRecord(timeLeft),
    paused: paused && { since: paused.since, by: paused.by, reason: paused.reason },
  };
}

export function toTimeLeftRecord({ lowSeconds, likelySeconds, highSeconds }: TimeLeft): TimeLeftRecord {
  return { low_seconds: lowSeconds, likely_seconds: likelySeconds, high_seconds: highSeconds };
}

function toCostRecord({ usd, usdPerHour, hostsPriced, hostsUnpriced }: RunCost): CostRecord {
  return {
    usd: rounded(usd),
    usd_per_hour: rounded(usdPerHour),
    hosts_priced: hostsPriced,
    hosts_unpriced: hostsUnpriced,
  };
}

/** To a hundredth of a cent. */
export function rounded(usd: number): number {
  return Math.round(usd * 10_000) / 10_000;
}

function hundredths(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}
