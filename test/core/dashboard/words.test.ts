import { describe, expect, test } from 'vitest';
import { aSummary } from '../report/builders.ts';
import { canonical, hostAddress, jobsAddress } from '../../../src/core/dashboard/routing/addresses.ts';
import { shareText } from '../../../src/core/dashboard/parts/share.ts';
import { headline } from '../../../src/core/dashboard/shell/headline.ts';

const verdicts = { VERIFIED: 0, MISMATCH: 0, PENDING: 0, UNVERIFIABLE: 0 };

describe('the headline', () => {
  test.each([
    [{ jobs_failed: 1, jobs_remaining: 2, total_jobs: 1000 }, 'FAILED', '1 of 1,000 jobs failed, 2 remain'],
    [{ jobs_failed: 3, jobs_remaining: 0, total_jobs: 3 }, 'FAILED', '3 of 3 jobs failed'],
    [{ jobs_failed: 0, jobs_remaining: 2, total_jobs: 3 }, 'RUNNING', '2 of 3 jobs remain'],
    [{ jobs_failed: 0, jobs_remaining: 0, total_jobs: 3 }, 'PASSED', 'all 3 jobs complete and verified'],
    [
      {
        jobs_failed: 0,
        jobs_remaining: 0,
        total_jobs: 3,
        verdicts: { ...verdicts, VERIFIED: 2, UNVERIFIABLE: 1 },
      },
      'COMPLETE, NOT ALL VERIFIED',
      '1 of 3 jobs could not be compared with anything',
    ],
  ])('of %j says %s', (numbers, outcome, text) => {
    expect(headline(aSummary({ is_running: false, verdicts, ...numbers }))).toMatchObject({ outcome, text });
  });
});

test.each([
  [0, 1000, '0 %'],
  [1, 1_000_000, '0.0 %'],
  [42, 1000, '4.2 %'],
  [423, 1000, '42 %'],
  [9999, 10_000, '99.9 %'],
  [99_999, 100_000, '99.9 %'],
  [1000, 1000, '100 %'],
])('%i of %i blocks are %s', (blocks_processed, total_blocks, text) => {
  expect(shareText(aSummary({ blocks_processed, total_blocks }))).toBe(text);
});

describe('addresses', () => {
  test.each([
    ['/summary', '', '/'],
    ['/status', '', '/jobs'],
    ['/status', 'sliceid=7', '/slices/7'],
    ['/config', 'sliceid=7', '/slices/7'],
    ['/job', 'jobid=7', '/jobs/7'],
    ['/jobs', '', null],
  ])('%s?%s leads to %s', (path, query, to) => {
    expect(canonical(path, new URLSearchParams(query))).toBe(to);
  });

  test('hold what may be in a name', () => {
    expect(hostAddress('a/b c')).toBe('/hosts/a%2Fb%20c');
    expect(jobsAddress({ host: 'a&b=c' })).toBe('/jobs?host=a%26b%3Dc');
  });
});
