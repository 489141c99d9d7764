import { describe, expect, it } from 'vitest';
import { parseKnown } from '../../../src/core/report/known.ts';
import type { KnownException } from '../../../src/core/report/known.ts';
import { buildReport } from '../../../src/core/report/model.ts';
import { renderReport, REPORT_FORMATS } from '../../../src/core/report/render.ts';
import { headline, knownLine } from '../../../src/core/report/wording.ts';
import { aJob, aSummary } from './builders.ts';
import { mixedRun } from './report-runs.ts';

const today = '2026-11-22';
const about = (slice: number, expires = today): KnownException => ({
  about: { slice },
  reason: 'a reason',
  expires,
});

describe('a run with known exceptions', () => {
  it('says of each what became of it', () => {
    const exceptions: KnownException[] = [
      { about: { blocks: { start: 1000, end: 3000 } }, reason: 'a range', expires: '2027-01-01' },
      about(3, '2026-11-21'),
      about(4),
      about(5),
      about(7),
      about(99),
    ];
    const { known, failures } = mixedRun({ known: { exceptions, today } });
    expect(known.map(knownLine)).toEqual([
      'slice 1: does not fail any more; the exception can go (a range)',
      'slice 2: HASH_MISMATCH, as is known until 2027-01-01 (a range)',
      'slice 3: ERROR, and counts, because the exception expired after 2026-11-21 (a reason)',
      'slice 4: does not fail any more; the exception can go (a reason)',
      'slice 5: not finished; a failure is known until 2026-11-22 (a reason)',
      'slice 7: not finished; a failure is known until 2026-11-22 (a reason)',
      'slice 99: the run has no such slice (a reason)',
    ]);
    expect(failures.map(({ sliceId }) => sliceId)).toEqual([3]);
  });

  const failed = aJob({ status: 'ERROR', verdict: null });
  const failing = aSummary({ jobs_succeeded: 1, jobs_failed: 1 });

  it('passes when every failure is known, to the end of the last day', () => {
    const report = buildReport(failing, [failed], { exceptions: [about(1), about(1)], today });
    expect(report.outcome).toBe('passed');
    expect(headline(report)).toBe(
      'Run 1: PASSED, WITH KNOWN FAILURES. 1 of 2 jobs complete and verified. 1 failed as is known.',
    );
  });

  it.each([
    ['expired', [about(1, '2026-11-21')], failing, 'failed'],
    ['about another slice', [about(2)], failing, 'failed'],
    ['only part of what failed', [about(1)], { ...failing, jobs_failed: 2 }, 'failed'],
    [
      'about a run that goes on',
      [about(1)],
      { ...failing, jobs_succeeded: 0, jobs_remaining: 1 },
      'unfinished',
    ],
    [
      'about blocks that do not cover the slice',
      [{ ...about(1), about: { blocks: { start: 1000, end: 2999 } } }],
      failing,
      'failed',
    ],
  ] as const)('when it is %s', (_what, exceptions, summary, outcome) => {
    expect(buildReport(summary, [failed], { exceptions, today }).outcome).toBe(outcome);
  });

  const known = { exceptions: [{ ...about(2), reason: 'why=<u>|' }], today };

  it.each(REPORT_FORMATS)('shows them in every form: %s', (format) => {
    expect(renderReport(mixedRun({ known }), format)).toContain('why=');
  });

  it.each(['html', 'junit', 'markdown'] as const)('escapes what is said of them: %s', (format) => {
    expect(renderReport(mixedRun({ known }), format)).not.toContain('<u>');
  });

  it('counts them among what JUnit skips', () => {
    expect(renderReport(mixedRun({ known }), 'junit')).toContain('failures="1" errors="0" skipped="5"');
  });
});

describe('the file of known exceptions', () => {
  it('names slices by their number or their blocks', () => {
    const text = `[{"slice": 7, "reason": "r", "expires": "2027-03-31"},
      {"blocks": "1000-3000", "reason": "r", "expires": "2027-03-31"}]`;
    expect(parseKnown(text, 'known.json')).toEqual([
      { about: { slice: 7 }, reason: 'r', expires: '2027-03-31' },
      { about: { blocks: { start: 1000, end: 3000 } }, reason: 'r', expires: '2027-03-31' },
    ]);
  });

  it.each([
    ['{', 'it is not JSON'],
    ['{}', 'it is not a list'],
    ['[7]', 'entry 1: it is not an object'],
    ['[{"reason": "r", "expires": "2027-03-31"}]', 'either "slice" or "blocks"'],
    ['[{"slice": 1, "blocks": "1-2", "reason": "r", "expires": "2027-03-31"}]', 'either "slice" or "blocks"'],
    ['[{"slice": "1", "reason": "r", "expires": "2027-03-31"}]', '"slice" must be'],
    ['[{"blocks": "3-2", "reason": "r", "expires": "2027-03-31"}]', '"blocks" must be'],
    ['[{"slice": 1, "reason": " ", "expires": "2027-03-31"}]', '"reason" must be'],
    ['[{"slice": 1, "reason": "r"}]', '"expires" must be'],
    ['[{"slice": 1, "reason": "r", "expires": "2027-02-30"}]', '"expires" must be'],
    ['[{"slice": 1, "reason": "r", "expires": "2027-03-31", "until": 1}]', 'there is no field "until"'],
  ])('refuses %s', (text, message) => {
    expect(() => parseKnown(text, 'known.json')).toThrow(
      expect.objectContaining({ exitCode: 3, message: expect.stringContaining(message) }),
    );
  });
});
