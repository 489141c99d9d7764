import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/core/protocol/run-record.ts';
import { renderRunsTable } from '../../../src/core/report/runs/runs-table.ts';

const RUN: RunRecord = {
  run_id: 3,
  is_current: true,
  created_at: '2026-11-22T10:00:00',
  began_at: '2026-11-22T10:00:00',
  ended_at: '2026-11-22T12:00:00',
  is_running: false,
  total_blocks: 349_798_134,
  blocks_processed: 349_798_134,
  total_jobs: 899,
  jobs_succeeded: 898,
  jobs_failed: 1,
  jobs_remaining: 0,
  verdicts: { PENDING: 0, VERIFIED: 898, MISMATCH: 1, UNVERIFIABLE: 0 },
  requested_versions: ['1.2.2'],
  nodeos_versions: ['v1.2.2'],
  stand_in: false,
  damage: [],
};

describe('the table of runs', () => {
  it.each([120, 60, 40])('fits into %i columns and says what is missing; failures stay', (width) => {
    const lines = renderRunsTable([RUN], width).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(lines[1]).toMatch(/run .* failed/u);
    expect(lines.some((line) => line.startsWith('No room for: '))).toBe(true);
  });

  it('has every column where lines have no end', () => {
    const text = renderRunsTable([RUN]);
    expect(text).toContain('2026-11-22T12:00:00Z');
    expect(text).not.toContain('No room for');
  });
});
