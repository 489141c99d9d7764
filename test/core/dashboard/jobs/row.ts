import type { JobRow } from '../../../../src/core/protocol/job-row.ts';

/** A row of the table of jobs: slice N of 1,000 blocks, which waits. */
export function row(slice: number, more: Partial<JobRow> = {}): JobRow {
  return {
    job_id: 100 + slice,
    replay_slice_id: slice,
    start_block_num: (slice - 1) * 1000,
    end_block_num: slice * 1000,
    status: 'WAITING_4_WORKER',
    verdict: null,
    last_block_processed: 0,
    start_time: '2026-11-22T10:00:00',
    end_time: null,
    stage: null,
    attempt: 0,
    worker_id: null,
    error_cause: null,
    error_message: null,
    blocks_per_second: null,
    eta: null,
    retry_at: null,
    nodeos_version: null,
    ...more,
  };
}
