import { describe, expect, it } from 'vitest';
import { countCauses, mismatchesFirst } from '../../../src/core/dashboard/pages/progress/failed-by-cause.ts';

const FAILED = [
  { status: 'ERROR', error_cause: 'download' },
  { status: 'ERROR', error_cause: 'nodeos-crash' },
  { status: 'HASH_MISMATCH', error_cause: null },
  { status: 'TIMEOUT', error_cause: 'nodeos-crash' },
  { status: 'ERROR', error_cause: null },
] as const;

describe('failed jobs', () => {
  it('begin with the wrong hashes, and else keep their order', () => {
    const [first, ...rest] = mismatchesFirst(FAILED);
    expect(first).toBe(FAILED[2]);
    expect(rest).toEqual(FAILED.filter((_, at) => at !== 2));
  });

  it('are counted by cause, the most frequent first', () => {
    expect(countCauses(FAILED)).toEqual([
      { cause: 'nodeos-crash', count: 2 },
      { cause: 'download', count: 1 },
      { cause: 'hash-mismatch', count: 1 },
      { cause: null, count: 1 },
    ]);
  });
});
