import type { AttemptRecord, FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import type { SummaryRecord } from '../../../src/core/protocol/summary-record.ts';

/** A job that waits, from block 1000 to 2000, unless told otherwise. */
export function fullRecord(changes: Partial<FullJobRecord>): FullJobRecord {
  return {
    job_id: 1,
    replay_slice_id: 1,
    snapshot_path: '/data/snapshots/snapshot-0000001000.bin.zst',
    storage_type: 'filesystem',
    spring_version: '1.2.2',
    start_block_num: 1000,
    end_block_num: 2000,
    status: 'WAITING_4_WORKER',
    last_block_processed: 0,
    start_time: '2026-11-22T10:00:00',
    end_time: null,
    expected_integrity_hash: null,
    actual_integrity_hash: null,
    verdict: null,
    attempt: 0,
    max_attempts: null,
    worker_id: null,
    instance_id: null,
    lease_expires_at: null,
    lease_seconds: 120,
    retry_at: null,
    avoided_workers: [],
    stage: null,
    error_message: null,
    error_cause: null,
    blocks_per_second: null,
    eta: null,
    stage_times: {},
    nodeos_version: null,
    known_integrity_hash: null,
    manifest_nodeos_version: null,
    nodeos_options: [],
    blocks_path: null,
    genesis_path: null,
    snapshot_sha256: null,
    attempts: [],
    ...changes,
  };
}

/** An attempt that has just begun, unless told otherwise. */
export function attemptRecord(changes: Partial<AttemptRecord>): AttemptRecord {
  return {
    number: 1,
    worker_id: 'worker-1',
    instance_id: null,
    start_time: '2026-11-22T10:00:00',
    end_time: null,
    outcome: null,
    error_cause: null,
    error_message: null,
    last_block_processed: 0,
    actual_integrity_hash: null,
    nodeos_version: null,
    stage_times: {},
    late_results: [],
    ...changes,
  };
}

/** The summary of a run of two finished and verified jobs unless told otherwise. */
export function summaryRecord(changes: Partial<SummaryRecord> = {}): SummaryRecord {
  return {
    total_blocks: 4000,
    blocks_processed: 4000,
    total_jobs: 2,
    jobs_succeeded: 2,
    jobs_failed: 0,
    failed_jobs: [],
    jobs_remaining: 0,
    is_running: false,
    host_count: 0,
    statuses: {
      WAITING_4_WORKER: 0,
      STARTED: 0,
      LOADING_SNAPSHOT: 0,
      WORKING: 0,
      COMPLETE: 2,
      ERROR: 0,
      TIMEOUT: 0,
      HASH_MISMATCH: 0,
    },
    verdicts: { PENDING: 0, VERIFIED: 2, MISMATCH: 0, UNVERIFIABLE: 0 },
    blocks_per_second: null,
    eta: null,
    run_id: 1,
    stand_in: false,
    nodeos_versions: ['v5.0.2'],
    hash_conflicts: [],
    suspect_snapshots: [],
    hosts_set_aside: [],
    hosts_seen: 0,
    hosts_idle: 0,
    cost: null,
    blocks_per_second_average: null,
    time_left: null,
    paused: null,
    ...changes,
  };
}
