import type { Attempt, Job } from '../domain/job.ts';
import { jobEta } from '../domain/summary.ts';
import type { AttemptRecord, FullJobRecord } from './full-record.ts';
import { toJobRecord } from './record.ts';

/** The record with everything that is newer. `now` is needed for the ETA. */
export function toFullRecord(job: Job, now: Date): FullJobRecord {
  const current = job.attempts.at(-1);
  const { slice } = job;
  return {
    ...toJobRecord(job),
    verdict: job.verdict,
    attempt: current?.number ?? 0,
    max_attempts: null,
    worker_id: job.workerId,
    instance_id: job.instanceId,
    lease_expires_at: null,
    stage: job.stage,
    error_message: job.errorMessage,
    error_cause: job.errorCause,
    blocks_per_second: job.blocksPerSecond,
    eta: jobEta(job, now),
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
  };
}
