import { describe, expect, it } from 'vitest';
import { renderCsv } from '../../../src/core/report/csv.ts';
import { renderJunit } from '../../../src/core/report/junit.ts';
import { renderMarkdown } from '../../../src/core/report/markdown.ts';
import { buildReport } from '../../../src/core/report/model.ts';
import { STAND_IN_NOTICE } from '../../../src/core/report/notices.ts';
import { aJob, aSummary } from './builders.ts';
import { mixedRun } from './report-runs.ts';

const GOLDEN = '../../fixtures/golden/report';

/** Ten thousand slices, all of which failed with a long message. */
function disaster() {
  const jobs = Array.from({ length: 10_000 }, (_, at) =>
    aJob({
      job_id: at + 1,
      replay_slice_id: at + 1,
      status: 'ERROR',
      verdict: null,
      error_cause: 'nodeos-crash',
      error_message: 'nodeos ended by signal SIGSEGV at block 123456. '.repeat(40),
    }),
  );
  return buildReport(aSummary({ total_jobs: 10_000, jobs_succeeded: 0, jobs_failed: 10_000 }), jobs);
}

describe('the Markdown report', () => {
  it('has the result, then the failures, then the figures', async () => {
    await expect(renderMarkdown(mixedRun())).toMatchFileSnapshot(`${GOLDEN}.md`);
  });

  it('lets no value out of its cell, become markup, or call a person', () => {
    const [row = ''] = renderMarkdown(mixedRun())
      .split('\n')
      .filter((line) => line.includes('nodeos-crash'));
    expect(row.match(/(?<!\\)\|/gu)).toHaveLength(8);
    expect(row).not.toMatch(/<script|\*\*|@everyone|`/u);
    expect(row).toContain('<br>second line');
  });

  it('fits into a comment on a pull request however much has failed, and says what is left out', () => {
    const text = renderMarkdown(disaster());
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('<details>\n<summary>Failed jobs (10,000)</summary>');
    expect(text).toContain('9,950 more');
  });

  it('labels results of the stand-in', () => {
    expect(renderMarkdown(mixedRun({ standIn: true }))).toContain(STAND_IN_NOTICE);
    expect(renderMarkdown(mixedRun())).not.toContain('REHEARSAL');
  });
});

describe('the JUnit report', () => {
  it('has a test case for each slice', async () => {
    await expect(renderJunit(mixedRun())).toMatchFileSnapshot(`${GOLDEN}.junit.xml`);
  });

  it('has nothing in it that XML does not allow', () => {
    const text = renderJunit(mixedRun());
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F]|\]\]>/u);
    expect(text).not.toContain('<script');
    const halves = [aJob({ status: 'ERROR', error_message: 'a\uD800b\uDC00c\u{1F600}d' })];
    expect(renderJunit(buildReport(aSummary(), halves))).toContain('a\uFFFDb\uFFFDc\u{1F600}d');
  });

  it('labels results of the stand-in', () => {
    const text = renderJunit(mixedRun({ standIn: true }));
    expect(text).toContain(STAND_IN_NOTICE);
    expect(text).toContain('<testsuite name="replay (REHEARSAL)"');
  });
});

describe('the CSV report', () => {
  it('has a row for each slice', async () => {
    await expect(renderCsv(mixedRun())).toMatchFileSnapshot(`${GOLDEN}.csv`);
  });

  it.each([
    ['=1+1', `'=1+1`],
    ['+1', `'+1`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    [' =1+1', `' =1+1`],
    ['\t=1', `'\t=1`],
    ['＝1', `'＝1`],
    ['=a,"b"', `"'=a,""b"""`],
    ['two\nlines', '"two\nlines"'],
    ['a,b', '"a,b"'],
    ['plain = text', 'plain = text'],
    ['a\0b', 'a\uFFFDb'],
  ])('writes the message %j as %j', (message, field) => {
    const text = renderCsv(buildReport(aSummary(), [aJob({ status: 'ERROR', error_message: message })]));
    expect(text).toContain(`,${field},logs/job-1-attempt-1,false,\r\n`);
  });

  it('labels results of the stand-in in each row', () => {
    const rows = renderCsv(mixedRun({ standIn: true }))
      .trimEnd()
      .split('\r\n')
      .slice(1);
    expect(rows).toHaveLength(7);
    expect(rows.filter((row) => row.endsWith(',true,'))).toHaveLength(7);
  });
});
