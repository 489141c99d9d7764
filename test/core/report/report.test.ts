import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../../src/core/report/html/html.ts';
import { renderJson } from '../../../src/core/report/json.ts';
import { renderMarkdown } from '../../../src/core/report/markdown.ts';
import { buildReport, exitCodeOf, percentOf } from '../../../src/core/report/model.ts';
import { STAND_IN_NOTICE } from '../../../src/core/report/notices.ts';
import { renderText } from '../../../src/core/report/text.ts';
import { aJob, aSummary } from './builders.ts';

const verdicts = { PENDING: 0, VERIFIED: 0, MISMATCH: 0, UNVERIFIABLE: 0 };

describe('the outcome of a run', () => {
  it.each([
    ['all jobs succeeded', { jobs_succeeded: 2 }, 'passed', 0],
    ['one failed, the other succeeded', { jobs_succeeded: 1, jobs_failed: 1 }, 'failed', 1],
    [
      'one failed, the other still runs',
      { jobs_succeeded: 0, jobs_failed: 1, jobs_remaining: 1 },
      'failed',
      1,
    ],
    ['one waits for its verdict', { jobs_succeeded: 1, jobs_remaining: 1 }, 'unfinished', 4],
    ['nothing has begun', { jobs_succeeded: 0, jobs_remaining: 2 }, 'unfinished', 4],
  ])('%s', (_, changes, outcome, exitCode) => {
    const report = buildReport(aSummary(changes), []);
    expect(report.outcome).toBe(outcome);
    expect(exitCodeOf(report.outcome)).toBe(exitCode);
  });
});

describe('the text report', () => {
  it('says PASSED only when every job is verified', () => {
    expect(renderText(buildReport(aSummary(), []))).toBe(
      `Run 1: PASSED. All 2 jobs complete and verified.

Blocks processed  4,000 of 4,000 (100.0 %)
Jobs succeeded    2
Jobs failed       0
Jobs remaining    0
Verdicts          2 verified, 0 mismatched, 0 pending, 0 not verifiable
nodeos            v5.0.2
`,
    );
  });

  it('says what the hosts have cost, when that is known', () => {
    const cost = { usd: 0.0416, usd_per_hour: 0, hosts_priced: 1, hosts_unpriced: 0 };
    const report = buildReport(aSummary({ cost }), []);
    expect(renderText(report)).toContain('\nCost so far       $0.0416\n');
    expect(renderMarkdown(report)).toContain('| Cost so far | &#36;0.0416 |');
    expect(renderHtml(report)).toContain('<dt>Cost so far</dt><dd>$0.0416</dd>');
    expect(renderJson(report)).toMatchObject({ cost });
    expect(renderJson(buildReport(aSummary(), []))).toMatchObject({ cost: null });
  });

  it('does not say PASSED when a slice could not be compared with anything', () => {
    const job = aJob({ verdict: 'UNVERIFIABLE', expected_integrity_hash: null });
    const text = renderText(
      buildReport(aSummary({ verdicts: { ...verdicts, VERIFIED: 1, UNVERIFIABLE: 1 } }), [job]),
    );
    expect(text).toContain('COMPLETE, NOT ALL VERIFIED. 1 of 2 jobs verified; 1 could not be compared');
    expect(text).not.toContain('PASSED');
    expect(text).toContain(
      'Not verifiable (no hash is known for the end block, and no slice starts there) (1)',
    );
  });

  it('names each failed job with its id, slice, status, cause, host, message and hashes', () => {
    const failures = [
      aJob({
        job_id: 7,
        replay_slice_id: 3,
        status: 'ERROR',
        verdict: null,
        error_cause: 'disk-full',
        error_message: 'The disk is full.\nNeeded 4 GiB.',
      }),
      aJob({
        job_id: 8,
        replay_slice_id: 4,
        status: 'HASH_MISMATCH',
        verdict: 'MISMATCH',
        actual_integrity_hash: 'cd'.repeat(32),
      }),
    ];
    const text = renderText(buildReport(aSummary({ jobs_succeeded: 0, jobs_failed: 2 }), failures));
    expect(text).toContain(`Failed jobs (2)
  Job Id: 7, Configuration Slice: 3, Status: ERROR
    blocks    1000 to 3000
    cause     disk-full
    host      host-1
    message   The disk is full.
              Needed 4 GiB.
    logs      replay jobs logs 7 --attempt 1 --run 1; all of it: logs/job-7-attempt-1 in the data directory of host-1
  Job Id: 8, Configuration Slice: 4, Status: HASH_MISMATCH
    blocks    1000 to 3000
    cause     hash-mismatch
    host      host-1
    expected  ${'ab'.repeat(32)}
    actual    ${'cd'.repeat(32)}
    logs      logs/job-8-attempt-1 in the data directory of host-1
`);
  });

  it('names a suspect snapshot once and shows the hashes of a conflict', () => {
    const text = renderText(
      buildReport(
        aSummary({
          suspect_snapshots: [
            {
              block: 3000,
              snapshot_path: 's3://bucket/b.bin.zst',
              ending_configid: 1,
              starting_configid: 2,
              reason: 'both neighbours disagree',
            },
          ],
          hash_conflicts: [
            {
              block: 3000,
              configid: 1,
              version: 'leap 5.0.2',
              actual: 'aa',
              snapshot: 'bb',
              known: null,
              older_snapshots: ['dd'],
              attempts: [
                { attempt: 1, worker_id: 'host-1', hash: 'cc', late: true },
                { attempt: 2, worker_id: null, hash: 'aa', late: false },
              ],
            },
          ],
        }),
        [],
      ),
    );
    expect(text.match(/s3:\/\/bucket\/b\.bin\.zst/gu)).toHaveLength(1);
    expect(text).toContain('replayed to    aa');
    expect(text).toContain('snapshot gave  bb\n    and before     dd');
    expect(text).toContain('manifest knew  not known');
    expect(text).toContain('attempt 1 of this slice (host-1) arrived at cc, reported late');
    expect(text).toContain('attempt 2 of this slice (host not known) arrived at aa');
  });

  it('labels results of the stand-in', () => {
    expect(renderText(buildReport(aSummary({ stand_in: true }), []))).toContain(STAND_IN_NOTICE);
    expect(renderText(buildReport(aSummary(), []))).not.toContain(STAND_IN_NOTICE);
  });
});

describe('the JSON report', () => {
  it('has the figures and the failed jobs under stable names', () => {
    const report = buildReport(aSummary({ jobs_succeeded: 1, jobs_failed: 1, blocks_processed: 3999 }), [
      aJob({ job_id: 7, status: 'ERROR', error_cause: 'stalled', expected_integrity_hash: '' }),
    ]);
    expect(renderJson(report)).toMatchObject({
      outcome: 'failed',
      blocks_processed: 3999,
      total_blocks: 4000,
      percent_processed: 99.9,
      failed_jobs: [
        {
          job_id: 7,
          configuration_slice: 1,
          status: 'ERROR',
          error_cause: 'stalled',
          expected_integrity_hash: null,
        },
      ],
    });
  });
});

describe('percentOf', () => {
  it.each([
    [0, 10, 0],
    [9999, 10_000, 99.9],
    [10_000, 10_000, 100],
    [0, 0, 0],
    [1, 3, 33.3],
  ])('%d of %d is %d', (part, whole, percent) => {
    expect(percentOf(part, whole)).toBe(percent);
  });
});
