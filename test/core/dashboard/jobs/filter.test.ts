import { describe, expect, test } from 'vitest';
import { readFilter } from '../../../../src/core/dashboard/pages/jobs/filter.ts';
import { row } from './row.ts';

const JOBS = [
  row(1, { status: 'COMPLETE', verdict: 'VERIFIED', worker_id: 'replay-1', attempt: 1 }),
  row(2, {
    status: 'HASH_MISMATCH',
    verdict: 'MISMATCH',
    worker_id: 'replay-2',
    error_cause: 'hash-mismatch',
  }),
  row(3, {
    status: 'ERROR',
    worker_id: 'replay-1',
    error_cause: 'nodeos-crash',
    error_message: 'nodeos ended by signal SIGSEGV',
  }),
  row(4, { status: 'TIMEOUT', error_cause: 'host-lost' }),
  row(5, { status: 'WORKING', worker_id: 'replay-12', blocks_per_second: 300 }),
  row(6),
];

function shown(query: string): number[] {
  const { matches } = readFilter(new URLSearchParams(query));
  return JOBS.filter(matches).map(({ replay_slice_id }) => replay_slice_id);
}

describe('the filter of the jobs', () => {
  test.each([
    ['', [1, 2, 3, 4, 5, 6]],
    ['state=failed', [2, 3, 4]],
    ['state=held', [5]],
    ['status=ERROR', [3]],
    ['verdict=MISMATCH', [2]],
    ['verdict=-', [3, 4, 5, 6]],
    ['host=replay-1', [1, 3]],
    ['host=-', [4, 6]],
    ['cause=host-lost', [4]],
    ['state=failed&host=replay-1', [3]],
  ])('shows at ?%s', (query, expected) => expect(shown(query)).toEqual(expected));

  test('passes over what it does not understand', () => {
    expect(shown('state=toString&status=LOST&verdict=x')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(readFilter(new URLSearchParams('state=toString')).isNarrow).toBe(false);
  });
});

describe('blocks', () => {
  test.each([
    // Slices that only touch the range are not in it.
    ['1000-3000', [2, 3]],
    ['1,500 – 2,001', [2, 3]],
    ['1500..1501', [2]],
    ['2 500 to 2 600', [3]],
    ['2500', [3]],
    // The snapshot at 2,000 is the state after that block: slice 2 replays it.
    ['2000', [2]],
    ['2001', [3]],
    ['0', [1]],
    ['2000-2000', [2]],
    ['99999', []],
  ])('%s are in', (text, expected) => expect(shown(`blocks=${encodeURIComponent(text)}`)).toEqual(expected));

  test.each([
    ['all', 'Two numbers, as in 1,000 – 2,000, or one.'],
    ['1000-', 'Two numbers, as in 1,000 – 2,000, or one.'],
    ['2000-1000', 'The second number is below the first.'],
  ])('%s are refused, and passed over', (text, problem) => {
    const filter = readFilter(new URLSearchParams({ blocks: text }));
    expect([filter.blocksProblem, filter.isNarrow]).toEqual([problem, true]);
    expect(shown(`blocks=${text}`)).toHaveLength(JOBS.length);
  });
});

describe('the search', () => {
  test.each([
    ['3', [1, 3]],
    ['slice 3', [3]],
    ['#3', [1, 3]],
    ['104', [1, 4]],
    ['job 104', [4]],
    ['4,500', [5]],
    ['block 3', [1]],
    ['SIGSEGV', [3]],
    ['crash replay-1', [3]],
    ['replay-1', [1, 3, 5]],
    ['mismatch', [2]],
    ['replaying', [5]],
    ['nobody', []],
    ['   ', [1, 2, 3, 4, 5, 6]],
  ])('for "%s" finds', (text, expected) =>
    expect(shown(new URLSearchParams({ q: text }).toString())).toEqual(expected),
  );
});
