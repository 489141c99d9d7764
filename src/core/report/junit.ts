import { escapeAttribute, escapeMarkup } from './escape.ts';
import type { ReportModel } from './model.ts';
import { noticesOf } from './notices.ts';
import type { ReportedJob } from './reported-job.ts';
import { headline, knownLine, logPlace } from './wording.ts';

/**
 * The report as JUnit XML (the form that Jenkins, GitLab and others read): one test case a slice.
 * The name of a case has no run in it, so that a CI server knows a slice again in the next run.
 */
export function renderJunit(report: ReportModel): string {
  const { slices, failures, timing } = report;
  const excuses = new Map(
    report.known.flatMap((finding) =>
      finding.state === 'fails' && finding.job ? [[finding.job.jobId, `KNOWN: ${knownLine(finding)}`]] : [],
    ),
  );
  const reasonFor = (slice: ReportedJob): string | null => excuses.get(slice.jobId) ?? skipReason(slice);
  const skipped = slices.filter((slice) => reasonFor(slice) !== null).length;
  const errors = damageCase(report);
  const name = report.standIn ? 'replay (REHEARSAL)' : 'replay';
  const totals = `tests="${slices.length + errors.length}" failures="${failures.length}" errors="${errors.length}" skipped="${skipped}" time="${seconds(timing.slices?.total ?? 0)}"`;
  const began = report.began === null ? '' : ` timestamp="${report.began}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}" ${totals}>`,
    `  <testsuite name="${name}" ${totals}${began}>`,
    '    <properties>',
    ...properties(report).map(
      ([key, value]) => `      <property name="${key}" value="${escapeAttribute(value)}"/>`,
    ),
    '    </properties>',
    ...errors,
    ...slices.flatMap((slice) => testCase(slice, reasonFor(slice))),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** One line, so that no reader takes what is left of a damaged run for all of it. */
function damageCase({ damage }: ReportModel): string[] {
  if (damage.length === 0) return [];
  const error = `<error type="damaged" message="${escapeAttribute(damage.join(' '))}"/>`;
  return [`    <testcase classname="replay.run" name="the run's files" time="0.000">${error}</testcase>`];
}

function properties(report: ReportModel): [string, string][] {
  return [
    ['result', headline(report)],
    ['run_id', String(report.runId)],
    ['nodeos_versions', report.nodeosVersions.join(', ')],
    ['stand_in', String(report.standIn)],
    ...noticesOf(report).map((notice): [string, string] => ['notice', notice]),
  ];
}

function testCase(slice: ReportedJob, reason: string | null): string[] {
  const name = `slice ${slice.sliceId}, blocks ${slice.startBlock} to ${slice.endBlock}`;
  const open = `    <testcase classname="replay.slices" name="${name}" time="${seconds(slice.durationMs ?? 0)}"`;
  const body = result(slice, reason);
  return body.length === 0 ? [`${open}/>`] : [`${open}>`, ...body, '    </testcase>'];
}

function result(slice: ReportedJob, reason: string | null): string[] {
  if (reason !== null) return [`      <skipped message="${escapeAttribute(reason)}"/>`];
  if (slice.standing === 'verified') return [];
  const { cause, message, detail } = failureOf(slice);
  return [
    `      <failure type="${cause}" message="${escapeAttribute(message)}">${escapeMarkup(detail)}</failure>`,
  ];
}

/** Why a slice is neither a success nor a failure; null when it is one of the two. */
function skipReason({ standing, actualHash, workerId }: ReportedJob): string | null {
  switch (standing) {
    case 'unverifiable':
      return `UNVERIFIABLE: replayed to ${actualHash ?? 'an unknown hash'}, and there is nothing to compare it with`;
    case 'pending':
      return 'PENDING: the hash of the next snapshot is not known yet';
    case 'running':
      return `NOT FINISHED: being worked on by ${workerId ?? 'a host'}`;
    case 'waiting':
      return 'NOT FINISHED: waiting for a worker';
    case 'verified':
    case 'mismatch':
    case 'failed':
      return null;
  }
}

function failureOf(slice: ReportedJob): { cause: string; message: string; detail: string } {
  const place = logPlace(slice);
  const about = [
    `Job Id: ${slice.jobId}, Configuration Slice: ${slice.sliceId}, Status: ${slice.status}`,
    `host      ${slice.workerId ?? 'not known'}`,
    ...(place === null ? [] : [`logs      ${place}`]),
  ];
  if (slice.standing === 'mismatch') {
    const hashes = [
      `expected  ${slice.expectedHash ?? 'not known'}`,
      `actual    ${slice.actualHash ?? 'not known'}`,
    ];
    return {
      cause: 'hash-mismatch',
      message: `MISMATCH: expected ${slice.expectedHash ?? 'not known'}, replayed to ${slice.actualHash ?? 'not known'}`,
      detail: [...hashes, ...about].join('\n'),
    };
  }
  const cause = slice.cause ?? 'unknown';
  const text = slice.message ?? 'no message';
  return {
    cause,
    message: `${slice.status}: ${cause}: ${text}`,
    detail: [text, ...about].join('\n'),
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
