import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import type { SummaryRecord } from '../../../src/core/protocol/summary-record.ts';

/** A job as the orchestrator reports it: finished and verified unless told otherwise. */
export function aJob(changes: Partial<FullJobRecord> = {}): FullJobRecord {
  return {
    job_id: 1,
    replay_slice_id: 1,
    snapshot_path: 's3://bucket/snapshots/a.bin.zst',
    storage_type: 's3',
    leap_version: '5.0.2',
    start_block_num: 1000,
    end_block_num: 3000,
    status: 'COMPLETE',
    last_block_processed: 3000,
    start_time: '2026-11-22T10:00:00',
    end_time: '2026-11-22T12:00:00',
    expected_integrity_hash: 'ab'.repeat(32),
    actual_integrity_hash: 'ab'.repeat(32),
    verdict: 'VERIFIED',
    attempt: 1,
    max_attempts: null,
    worker_id: 'host-1',
    instance_id: null,
    lease_expires_at: null,
    stage: null,
    error_message: null,
    error_cause: null,
    blocks_per_second: null,
    eta: null,
    stage_times: {},
    nodeos_version: 'v5.0.2',
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

/** The summary of a run of two finished and verified jobs unless told otherwise. */
export function aSummary(changes: Partial<SummaryRecord> = {}): SummaryRecord {
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
    ...changes,
  };
}
