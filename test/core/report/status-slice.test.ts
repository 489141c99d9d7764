import { describe, expect, it } from 'vitest';
import type { HashConflictRecord } from '../../../src/core/protocol/summary-record.ts';
import { STAND_IN_NOTICE } from '../../../src/core/report/notices.ts';
import { renderSlice } from '../../../src/core/report/status-slice.ts';
import { attemptRecord } from '../protocol/records.ts';
import { aJob, aSummary } from './builders.ts';

const FIRST = attemptRecord({
  worker_id: 'alpha',
  instance_id: 'i-1',
  end_time: '2026-11-22T10:03:20',
  outcome: 'ERROR',
  error_cause: 'nodeos-crash',
  error_message: 'nodeos ended with SIGSEGV\nat block 1500',
  last_block_processed: 1500,
  nodeos_version: 'v5.0.2',
  stage_times: { install: 900, load: 61_000 },
  late_results: [
    {
      at: '2026-11-22T11:00:00',
      status: 'COMPLETE',
      actual_integrity_hash: 'cd'.repeat(32),
      error_cause: null,
      error_message: null,
    },
  ],
});

const SECOND = attemptRecord({
  number: 2,
  worker_id: 'beta',
  start_time: '2026-11-22T12:00:00',
  nodeos_version: 'v5.0.2',
});

const JOB = aJob({
  status: 'WORKING',
  verdict: null,
  last_block_processed: 2000,
  blocks_per_second: 1234,
  attempt: 2,
  max_attempts: 4,
  worker_id: 'beta',
  lease_expires_at: '2026-11-22T12:02:00',
  expected_integrity_hash: '',
  actual_integrity_hash: null,
  attempts: [FIRST, SECOND],
});

describe('one slice', () => {
  it('is told with everything that is known, hashes in full', () => {
    const log = { attempt: 1, lines: ['error \u001B[31mred\u001B[0m', 'last'] };
    expect(renderSlice({ job: JOB, summary: aSummary(), log })).toBe(
      `Slice 1: job 1, blocks 1000 to 3000

status      WORKING
progress    50.0 %, block 2000, 1234 blocks/s
attempt     2 of at most 4
host        beta
lease       until 2026-11-22T12:02:00Z, 120 s at a time

expected    not known
actual      not known
manifest    knew none before the run

version     Leap 5.0.2
snapshot    s3://bucket/snapshots/a.bin.zst

Attempt 1: ERROR, alpha
  time        2026-11-22T10:00:00Z to 2026-11-22T10:03:20Z, 3 min 20 s
  instance    i-1
  nodeos      v5.0.2
  stages      install 0.9 s, load 1 min 01 s
  last block  1500
  cause       nodeos-crash
  message     nodeos ended with SIGSEGV
              at block 1500
  came late   2026-11-22T11:00:00Z: COMPLETE, ${'cd'.repeat(32)}

Attempt 2: not over, beta
  time        since 2026-11-22T12:00:00Z
  nodeos      v5.0.2

Last log lines of attempt 1
  error red
  last`,
    );
  });

  it('names what the hashes of the run say of it, and nothing of other slices', () => {
    const suspect = {
      block: 3000,
      snapshot_path: 's3://bucket/b.bin.zst',
      ending_configid: 1,
      starting_configid: 2,
      reason: 'both neighbours contradict it',
    };
    const conflict = {
      block: 3000,
      configid: 1,
      version: '5.0.2',
      actual: 'aa',
      snapshot: 'bb',
      known: null,
      attempts: [],
    };
    const summary = aSummary({
      suspect_snapshots: [suspect],
      hash_conflicts: [conflict as unknown as HashConflictRecord],
    });
    const text = renderSlice({ job: aJob(), summary, log: null });
    expect(text).toContain('Suspect snapshot at block 3000: s3://bucket/b.bin.zst\n  both neighbours');
    expect(text).toContain('Hash conflict at block 3000\n  replayed to   aa\n  snapshot gave bb\n');
    const other = renderSlice({ job: aJob({ replay_slice_id: 3 }), summary, log: null });
    expect(other).not.toMatch(/Suspect|conflict/u);
  });

  it('is marked as a rehearsal when results of the run come from the stand-in', () => {
    const text = renderSlice({ job: JOB, summary: aSummary({ stand_in: true }), log: null });
    expect(text.split('\n')[2]).toBe(STAND_IN_NOTICE);
  });

  it('shows the end of a long log, and says where the rest is', () => {
    const lines = Array.from({ length: 100 }, (_, at) => `line ${at + 1}`);
    const text = renderSlice({ job: aJob(), summary: aSummary(), log: { attempt: 3, lines } });
    expect(text).toContain(
      'Last log lines of attempt 3 (20 of 100; all: replay jobs logs 1 --attempt 3 --run 1)\n  line 81\n',
    );
  });
});
