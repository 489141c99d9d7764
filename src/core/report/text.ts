import { formatSpan } from '../format/span.ts';
import type { HashConflictRecord } from '../protocol/summary-record.ts';
import { printable } from './escape.ts';
import { noticesOf } from './notices.ts';
import type { ReportModel } from './model.ts';
import type { ReportedJob } from './reported-job.ts';
import {
  figures,
  headline,
  knownLine,
  logPlace,
  PENDING_TITLE,
  STATISTICS,
  timingRows,
  UNVERIFIABLE_TITLE,
} from './wording.ts';

/** The final report for a person: what counts first, then each problem with what is known of it. */
export function renderText(report: ReportModel): string {
  const sections = [
    [headline(report), ...noticesOf(report)],
    figures(report).map(([name, value]) => `${name.padEnd(16)}  ${value}`),
    failures(report.failures),
    list('Known exceptions', report.known, (finding) => [
      printable(knownLine(finding)).replaceAll('\n', ' '),
    ]),
    list('Suspect snapshots', report.suspects, (suspect) => [
      `block ${suspect.block}: ${suspect.snapshot_path}`,
      `  ${suspect.reason}`,
    ]),
    list('Hash conflicts', report.conflicts, (conflict) => [
      `block ${conflict.block}, slice ${conflict.configid}, ${conflict.version}`,
      `  replayed to    ${conflict.actual ?? 'not known'}`,
      `  snapshot gave  ${conflict.snapshot ?? 'not known'}`,
      ...conflict.older_snapshots.map((hash) => `  and before     ${hash}`),
      `  manifest knew  ${conflict.known ?? 'not known'}`,
      ...conflict.attempts.map(attemptHash),
    ]),
    list(UNVERIFIABLE_TITLE, report.unverifiable, slice),
    list(PENDING_TITLE, report.pending, slice),
    timing(report),
    slowest(report),
  ];
  const lines = sections.filter((section) => section.length > 0).map((section) => section.join('\n'));
  return `${lines.join('\n\n')}\n`;
}

/** Attempts at one slice that arrived at different states: the build or a host cannot be relied on. */
function attemptHash({ attempt, worker_id, hash, late }: HashConflictRecord['attempts'][number]): string {
  const host = worker_id ?? 'host not known';
  return `  attempt ${attempt} of this slice (${host}) arrived at ${hash}${late ? ', reported late' : ''}`;
}

function failures(failed: readonly ReportedJob[]): string[] {
  return list('Failed jobs', failed, (job) => {
    const lines = [
      `Job Id: ${job.jobId}, Configuration Slice: ${job.sliceId}, Status: ${job.status}`,
      `  blocks    ${job.startBlock} to ${job.endBlock}`,
      `  cause     ${job.cause ?? 'not reported'}`,
      `  host      ${job.workerId ?? 'not known'}`,
    ];
    if (job.standing !== 'mismatch') {
      lines.push(`  message   ${printable(job.message ?? 'none').replaceAll('\n', '\n            ')}`);
    } else {
      // The message of a mismatch says no more than the two hashes.
      lines.push(
        `  expected  ${job.expectedHash ?? 'not known'}`,
        `  actual    ${job.actualHash ?? 'not known'}`,
      );
    }
    const place = logPlace(job);
    if (place !== null) lines.push(`  logs      ${place}`);
    return lines;
  });
}

function slice(reported: ReportedJob): string[] {
  return [
    `Job Id: ${reported.jobId}, Configuration Slice: ${reported.sliceId}, blocks ${reported.startBlock} to ${reported.endBlock}`,
    `  replayed to    ${reported.actualHash ?? 'not known'}`,
  ];
}

/** Time that the finished slices took, a line for the whole and one for each stage. */
function timing(report: ReportModel): string[] {
  const rows = timingRows(report);
  if (rows.length === 0) return [];
  const table = [
    ['', 'slices', ...STATISTICS],
    ...rows.map(({ name, count, values }) => [name, String(count), ...values]),
  ];
  return ['Time of finished slices', ...columns(table)];
}

function slowest({ timing }: ReportModel): string[] {
  // Of one or two slices the statistics say it already.
  if (timing.slowest.length < 3) return [];
  const rows = timing.slowest.map(({ job, durationMs, perMillionBlocksMs }) => [
    `slice ${job.sliceId}`,
    `${job.startBlock}-${job.endBlock}`,
    formatSpan(durationMs),
    formatSpan(perMillionBlocksMs),
    job.workerId ?? '',
  ]);
  return ['Slowest slices', ...columns([['', 'blocks', 'time', 'per million blocks', 'host'], ...rows])];
}

/** The first column to the left, the others to the right. */
function columns(table: readonly (readonly string[])[]): string[] {
  const widths = table[0]!.map((_, at) => table.reduce((most, row) => Math.max(most, row[at]!.length), 0));
  return table.map((row) =>
    indent(
      row
        .map((text, at) => (at === 0 ? text.padEnd(widths[at]!) : text.padStart(widths[at]!)))
        .join('  ')
        .trimEnd(),
    ),
  );
}

function list<T>(title: string, items: readonly T[], render: (item: T) => string[]): string[] {
  if (items.length === 0) return [];
  return [`${title} (${items.length})`, ...items.flatMap(render).map(indent)];
}

function indent(text: string): string {
  return text.replaceAll(/^/gmu, '  ');
}
