import type { AttemptRecord, FullJobRecord } from '../../../../src/core/protocol/full-record.ts';

/** A job that waits, from block 1000 to 2000, unless something else is said. */
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
