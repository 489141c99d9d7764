import { formatCount } from '../format/count.ts';
import { formatSpan } from '../format/span.ts';
import type { HashConflictRecord } from '../protocol/summary-record.ts';
import { code, table, textOf } from './markdown-parts.ts';
import type { ReportModel } from './model.ts';
import { noticesOf } from './notices.ts';
import type { ReportedJob } from './reported-job.ts';
import {
  blockRange,
  figures,
  headline,
  knownLine,
  PENDING_TITLE,
  STATISTICS,
  timingRows,
  UNVERIFIABLE_TITLE,
} from './wording.ts';

/** A comment on a pull request holds 65,536 characters; what follows these is left to another format. */
const MOST_ROWS = 50;
const MOST_ROWS_OPEN = 15;
const LONGEST_MESSAGE = 300;

/** The report for a pull request or the summary of a CI job. Only problems are listed slice by slice. */
export function renderMarkdown(report: ReportModel): string {
  const sections = [
    `## ${mark(report)} ${textOf(headline(report))}`,
    ...noticesOf(report).map((notice) => `> [!WARNING]\n> ${textOf(notice)}`),
    failures(report.failures),
    folded('Known exceptions', ['What is known'], report.known, (finding) => [textOf(knownLine(finding))]),
    table(
      ['Figure', ''],
      figures(report).map(([name, value]) => [name, textOf(value)]),
    ),
    folded(
      'Suspect snapshots',
      ['Block', 'Snapshot', 'Why'],
      report.suspects,
      ({ block, snapshot_path, reason }) => [String(block), code(snapshot_path), textOf(reason)],
    ),
    folded(
      'Hash conflicts',
      ['Block', 'Slice', 'Version', 'Replayed to', 'Snapshot gave', 'Manifest knew', 'Attempts'],
      report.conflicts,
      conflictRow,
    ),
    folded(UNVERIFIABLE_TITLE, SLICE_HEAD, report.unverifiable, sliceRow),
    folded(PENDING_TITLE, SLICE_HEAD, report.pending, sliceRow),
    timing(report),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function mark({ outcome, verdicts }: ReportModel): string {
  if (outcome === 'failed') return '❌';
  if (outcome === 'unfinished') return '⏳';
  return verdicts.UNVERIFIABLE === 0 ? '✅' : '⚠️';
}

function failures(failed: readonly ReportedJob[]): string {
  const head = ['Job Id', 'Configuration Slice', 'Status', 'Blocks', 'Cause', 'Host', 'What happened'];
  return folded('Failed jobs', head, failed, (job) => [
    String(job.jobId),
    String(job.sliceId),
    code(job.status),
    blockRange(job),
    code(job.cause ?? 'not reported'),
    job.workerId === null ? 'not known' : code(job.workerId),
    whatHappened(job),
  ]);
}

function whatHappened(job: ReportedJob): string {
  const message =
    job.standing === 'mismatch'
      ? `expected ${hash(job.expectedHash)}<br>actual ${hash(job.actualHash)}`
      : code(shortened(job.message ?? 'no message'));
  return job.log === null ? message : `${message}<br>logs: ${code(job.log.folder)}`;
}

function conflictRow(conflict: HashConflictRecord): string[] {
  return [
    String(conflict.block),
    String(conflict.configid),
    textOf(conflict.version),
    hash(conflict.actual),
    [conflict.snapshot, ...(conflict.older_snapshots ?? [])].map(hash).join('<br>before: '),
    hash(conflict.known),
    conflict.attempts
      .map(({ attempt, worker_id, hash: arrived, late }) => {
        return `${attempt}${worker_id === null ? '' : ` (${code(worker_id)})`}: ${hash(arrived)}${late ? ', late' : ''}`;
      })
      .join('<br>'),
  ];
}

const SLICE_HEAD = ['Job Id', 'Configuration Slice', 'Blocks', 'Replayed to'];

function sliceRow(job: ReportedJob): string[] {
  return [String(job.jobId), String(job.sliceId), blockRange(job), hash(job.actualHash)];
}

function timing(report: ReportModel): string {
  const rows = timingRows(report);
  if (rows.length === 0) return '';
  const statistics = table(
    ['Time of finished slices', 'Slices', ...STATISTICS],
    rows.map(({ name, count, values }) => [name, String(count), ...values]),
  );
  const slowest = folded(
    'Slowest slices',
    ['Configuration Slice', 'Blocks', 'Time', 'Per million blocks', 'Host'],
    report.timing.slowest,
    ({ job, durationMs, perMillionBlocksMs }) => [
      String(job.sliceId),
      blockRange(job),
      formatSpan(durationMs),
      formatSpan(perMillionBlocksMs),
      job.workerId === null ? '' : code(job.workerId),
    ],
    0,
  );
  return `${statistics}\n\n${slowest}`;
}

/** A titled table, folded when it is long. */
function folded<T>(
  title: string,
  head: readonly string[],
  items: readonly T[],
  row: (item: T) => string[],
  open = MOST_ROWS_OPEN,
): string {
  if (items.length === 0) return '';
  const left = items.length - MOST_ROWS;
  const more = left > 0 ? `\n\n${formatCount(left)} more: see \`--format html\` or \`--format json\`.` : '';
  const body = `${table(head, items.slice(0, MOST_ROWS).map(row))}${more}`;
  const name = `${title} (${formatCount(items.length)})`;
  if (items.length <= open) return `### ${name}\n\n${body}`;
  return `<details>\n<summary>${name}</summary>\n\n${body}\n\n</details>`;
}

function hash(value: string | null): string {
  return value === null ? 'not known' : code(value);
}

function shortened(message: string): string {
  const characters = Array.from(message);
  return characters.length <= LONGEST_MESSAGE
    ? message
    : `${characters.slice(0, LONGEST_MESSAGE).join('')} …`;
}
