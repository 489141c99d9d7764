import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { buildReport, type Known, type ReportModel } from '../../../src/core/report/model.ts';
import { attemptRecord } from '../protocol/records.ts';
import { aJob, aSummary } from './builders.ts';

const attempt = attemptRecord({
  worker_id: 'host-1',
  end_time: '2026-11-22T10:01:40',
  outcome: 'COMPLETE',
  nodeos_version: 'v5.0.2',
});

/** Text that does harm to every form that repeats it as it is. */
export const HOSTILE = `=cmd|' /C calc'!A0 <script>alert("x")</script> | \`**bold**\` @everyone ]]> & \u001B[31mred\u0000\nsecond line`;

/** One slice of each kind there is, with a hostile message, and a list of each kind. */
export function mixedRun({ standIn = false, known }: { standIn?: boolean; known?: Known } = {}): ReportModel {
  const seconds = (time: string): Partial<FullJobRecord> => ({ end_time: `2026-11-22T${time}` });
  const slice = (number: number, changes: Partial<FullJobRecord>): FullJobRecord =>
    aJob({
      job_id: 10 + number,
      replay_slice_id: number,
      start_block_num: number * 1000,
      end_block_num: (number + 1) * 1000,
      attempts: [attempt],
      ...changes,
    });
  const jobs = [
    slice(1, { ...seconds('10:01:40'), stage_times: { load: 20_000, replay: 70_500 } }),
    slice(2, {
      ...seconds('10:03:20'),
      status: 'HASH_MISMATCH',
      verdict: 'MISMATCH',
      actual_integrity_hash: 'cd'.repeat(32),
      stage_times: { load: 30_000, replay: 150_000 },
    }),
    slice(3, {
      status: 'ERROR',
      verdict: null,
      actual_integrity_hash: null,
      error_cause: 'nodeos-crash',
      error_message: HOSTILE,
      worker_id: 'host|2',
      attempt: 2,
    }),
    slice(4, { ...seconds('10:05:00'), verdict: 'UNVERIFIABLE', expected_integrity_hash: '' }),
    slice(5, { ...seconds('10:06:40'), verdict: 'PENDING', expected_integrity_hash: null }),
    slice(6, { status: 'WORKING', verdict: null, end_time: null, actual_integrity_hash: null }),
    slice(7, {
      status: 'WAITING_4_WORKER',
      verdict: null,
      attempt: 0,
      attempts: [],
      worker_id: null,
      end_time: null,
      actual_integrity_hash: null,
      nodeos_version: null,
    }),
  ];
  const summary = aSummary({
    total_blocks: 7000,
    blocks_processed: 4321,
    total_jobs: 7,
    jobs_succeeded: 2,
    jobs_failed: 2,
    jobs_remaining: 3,
    is_running: true,
    stand_in: standIn,
    verdicts: { VERIFIED: 1, MISMATCH: 1, UNVERIFIABLE: 1, PENDING: 1 },
    hash_conflicts: [
      {
        block: 3000,
        configid: 2,
        version: 'leap 5.0.2',
        actual: 'cd'.repeat(32),
        snapshot: 'ab'.repeat(32),
        known: 'ef'.repeat(32),
        attempts: [{ attempt: 1, worker_id: 'host-1', hash: '01'.repeat(32), late: true }],
        older_snapshots: [],
      },
    ],
    suspect_snapshots: [
      {
        block: 3000,
        snapshot_path: 's3://bucket/<b>|.bin.zst',
        ending_configid: 2,
        starting_configid: 3,
        reason: 'both neighbours disagree',
      },
    ],
  });
  return buildReport(summary, jobs, known);
}
