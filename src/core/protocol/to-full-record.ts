import type { Attempt, Job, LateResult } from '../domain/job.ts';
import type { RetryPolicy } from '../domain/retry-policy.ts';
import { avoidedWorkers, maxAttempts } from '../domain/retry.ts';
import { jobEta } from '../domain/summary.ts';
import type { AttemptRecord, FullJobRecord, LateResultRecord } from './full-record.ts';
import { toJobRecord } from './record.ts';

/** What the full record says beyond the job itself. */
export interface RecordContext {
  /** For the ETA; null: nobody is at work on the run any more. */
  readonly now: Date | null;
  readonly leaseSeconds: number;
  /** When a job's lease runs out, UTC; null: it has none. */
  leaseExpiresAt(jobId: number): string | null;
  readonly policy: RetryPolicy;
}

/** The record with everything that is newer. */
export function toFullRecord(job: Job, context: RecordContext): FullJobRecord {
  const current = job.attempts.at(-1);
  const { slice } = job;
  return {
    ...toJobRecord(job),
    verdict: job.verdict,
    attempt: current?.number ?? 0,
    max_attempts: maxAttempts(job, context.policy),
    worker_id: job.workerId,
    instance_id: job.instanceId,
    lease_expires_at: context.leaseExpiresAt(job.jobId),
    lease_seconds: context.leaseSeconds,
    retry_at: job.retry && job.retry.delayMs > 0 ? job.retry.at : null,
    avoided_workers: job.status === 'WAITING_4_WORKER' ? [...avoidedWorkers(job).keys()] : [],
    stage: job.stage,
    error_message: job.errorMessage,
    error_cause: job.errorCause,
    blocks_per_second: job.blocksPerSecond,
    eta: context.now && jobEta(job, context.now),
    stage_times: current?.stageTimes ?? {},
    nodeos_version: job.nodeosVersion,
    known_integrity_hash: slice.knownHash,
    manifest_nodeos_version: slice.nodeosVersion,
    nodeos_options: slice.nodeosOptions,
    blocks_path: slice.blocksPath,
    genesis_path: slice.genesisPath,
    snapshot_sha256: slice.snapshotSha256,
    attempts: job.attempts.map(toAttemptRecord),
  };
}

function toAttemptRecord(attempt: Attempt): AttemptRecord {
  return {
    number: attempt.number,
    worker_id: attempt.workerId,
    instance_id: attempt.instanceId,
    start_time: attempt.startTime,
    end_time: attempt.endTime,
    outcome: attempt.outcome,
    error_cause: attempt.cause,
    error_message: attempt.message,
    last_block_processed: attempt.lastBlockProcessed,
    actual_integrity_hash: attempt.actualHash,
    nodeos_version: attempt.nodeosVersion,
    stage_times: attempt.stageTimes,
    late_results: (attempt.lateResults ?? []).map(toLateResultRecord),
  };
}

function toLateResultRecord({ at, status, hash, cause, message }: LateResult): LateResultRecord {
  return { at, status, actual_integrity_hash: hash, error_cause: cause, error_message: message };
}
