import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { fullRecord } from '../protocol/records.ts';

export { summaryRecord as aSummary } from '../protocol/records.ts';

/** A job as the orchestrator reports it: finished and verified unless told otherwise. */
export function aJob(changes: Partial<FullJobRecord> = {}): FullJobRecord {
  const { spring_version: _, ...job } = fullRecord({
    snapshot_path: 's3://bucket/snapshots/a.bin.zst',
    storage_type: 's3',
    end_block_num: 3000,
    status: 'COMPLETE',
    last_block_processed: 3000,
    end_time: '2026-11-22T12:00:00',
    expected_integrity_hash: 'ab'.repeat(32),
    actual_integrity_hash: 'ab'.repeat(32),
    verdict: 'VERIFIED',
    attempt: 1,
    worker_id: 'host-1',
    nodeos_version: 'v5.0.2',
  });
  return { ...job, leap_version: '5.0.2', ...changes };
}
