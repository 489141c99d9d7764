import { describe, expect, it } from 'vitest';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { chooseJobs, type JobChoice } from '../../../src/core/report/status-choice.ts';
import { COLUMN_NAMES } from '../../../src/core/report/status-columns.ts';
import { aJob } from './builders.ts';

const JOBS: FullJobRecord[] = [
  aJob({ job_id: 1, attempt: 2 }),
  aJob({ job_id: 2, status: 'ERROR', verdict: null, worker_id: 'b', error_cause: 'install' }),
  aJob({ job_id: 3, status: 'WORKING', verdict: null, blocks_per_second: 10, last_block_processed: 2900 }),
  aJob({ job_id: 4, status: 'WAITING_4_WORKER', verdict: null, worker_id: null, attempt: 0 }),
  aJob({ job_id: 5, status: 'HASH_MISMATCH', verdict: 'MISMATCH', worker_id: 'a' }),
  aJob({ job_id: 6, status: 'WORKING', verdict: null, blocks_per_second: 90, last_block_processed: 1100 }),
  aJob({ job_id: 7, status: 'TIMEOUT', verdict: null, end_block_num: 9000 }),
];

function idsOf(choice: Partial<JobChoice>): number[] {
  const all = { failed: false, running: false, sort: null, reverse: false, ...choice };
  return chooseJobs(JOBS, all).map(({ job_id: id }) => id);
}

describe('choosing jobs', () => {
  it.each([
    [{}, [1, 2, 3, 4, 5, 6, 7]],
    [{ failed: true }, [2, 5, 7]],
    [{ running: true }, [3, 6]],
    [{ failed: true, running: true }, [2, 3, 5, 6, 7]],
    [{ failed: true, reverse: true }, [7, 5, 2]],
  ])('%j', (choice, ids) => {
    expect(idsOf(choice)).toEqual(ids);
  });
});

describe('sorting jobs', () => {
  it.each([
    ['problems first', 'status', [5, 2, 7, 3, 6, 4, 1]],
    ['mismatches first, and what has no verdict last', 'verdict', [5, 1, 2, 3, 4, 6, 7]],
    ['the fastest first', 'rate', [6, 3, 1, 2, 4, 5, 7]],
    ['the least time left first', 'left', [3, 6, 1, 2, 4, 5, 7]],
    ['the most attempts first', 'attempt', [1, 2, 3, 5, 6, 7, 4]],
    ['the longest slice first', 'blocks', [7, 1, 2, 3, 4, 5, 6]],
    ['hosts by name, and none last', 'host', [5, 2, 1, 3, 6, 7, 4]],
  ])('%s', (_, sort, ids) => {
    expect(idsOf({ sort })).toEqual(ids);
  });

  it('keeps what is not known at the end when turned round', () => {
    expect(idsOf({ sort: 'rate', reverse: true })).toEqual([3, 6, 1, 2, 4, 5, 7]);
  });

  it('loses no job, whatever it is sorted by', () => {
    for (const sort of COLUMN_NAMES) expect(new Set(idsOf({ sort })).size).toBe(JOBS.length);
  });
});
