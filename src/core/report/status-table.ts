import type { FullJobRecord } from '../protocol/full-record.ts';
import type { SetAsideHostRecord, SummaryRecord } from '../protocol/summary-record.ts';
import { formatCount } from '../format/count.ts';
import { type Column, columnWidths, renderTable } from './long-table.ts';
import { percentOf } from './model.ts';
import { STAND_IN_NOTICE } from './notices.ts';

/** One line for the whole run, above the table. */
export function renderSummaryLine(summary: SummaryRecord): string {
  const percent = percentOf(summary.blocks_processed, summary.total_blocks).toFixed(1);
  const parts = [
    `Run ${summary.run_id}: ${percent} % of ${formatCount(summary.total_blocks)} blocks`,
    `${summary.jobs_succeeded} succeeded`,
    `${summary.jobs_failed} failed`,
    `${summary.jobs_remaining} remaining`,
    `${summary.host_count} ${summary.host_count === 1 ? 'host' : 'hosts'} at work`,
  ];
  if (summary.blocks_per_second !== null)
    parts.push(`${formatCount(Math.round(summary.blocks_per_second))} blocks/s`);
  if (summary.eta !== null) parts.push(`done about ${summary.eta}Z`);
  const lines = [parts.join(', '), ...summary.hosts_set_aside.map(setAsideLine)];
  return [...lines, ...(summary.stand_in ? [STAND_IN_NOTICE] : [])].join('\n');
}

function setAsideLine({ worker_id, since, failures }: SetAsideHostRecord): string {
  const causes = failures.map(({ error_cause }) => error_cause).join(', ');
  return `Host ${worker_id} is set aside since ${since}Z and gets no more jobs: its last ${failures.length} attempts failed (${causes})`;
}

const COLUMNS: readonly Column[] = [
  { name: 'job', align: 'right' },
  { name: 'slice', align: 'right' },
  { name: 'blocks', align: 'right' },
  { name: 'status', align: 'left' },
  { name: 'verdict', align: 'left' },
  { name: 'progress', align: 'right' },
  { name: 'block', align: 'right' },
  { name: 'rate', align: 'right' },
  { name: 'attempt', align: 'right' },
  { name: 'host', align: 'left' },
  { name: 'cause', align: 'left' },
];

/** What is left out first when a terminal is too narrow. The rest tells which job, and what became of it. */
const DISPENSABLE = ['slice', 'attempt', 'block', 'rate', 'host', 'blocks', 'progress'];

/**
 * All jobs as a table; problems keep their cause in sight.
 *
 * @param width characters in a line of the terminal, where columns that do not fit are left out; null: no limit.
 */
export function renderStatusTable(jobs: readonly FullJobRecord[], width: number | null = null): string {
  const rows = jobs.map(row);
  const shown = width === null ? COLUMNS : columnsWithin(width, rows);
  const positions = shown.map((column) => COLUMNS.indexOf(column));
  return renderTable(
    shown,
    rows.map((cells) => positions.map((at) => cells[at] ?? '')),
  );
}

function columnsWithin(width: number, rows: readonly (readonly string[])[]): readonly Column[] {
  const widths = columnWidths(COLUMNS, rows);
  // A border after each column, and one before the first.
  let total = widths.reduce((sum, columnWidth) => sum + columnWidth + 1, 1);
  const left = new Set(COLUMNS);
  for (const name of DISPENSABLE) {
    const at = COLUMNS.findIndex((column) => column.name === name);
    const column = COLUMNS[at];
    if (total <= width || column === undefined) break;
    left.delete(column);
    total -= (widths[at] ?? 0) + 1;
  }
  return [...left];
}

function row(job: FullJobRecord): string[] {
  return [
    String(job.job_id),
    String(job.replay_slice_id),
    `${job.start_block_num}-${job.end_block_num}`,
    job.status,
    job.verdict ?? '',
    `${progressOf(job).toFixed(1)} %`,
    job.last_block_processed === 0 ? '' : String(job.last_block_processed),
    job.blocks_per_second === null ? '' : `${formatCount(Math.round(job.blocks_per_second))}/s`,
    String(job.attempt),
    job.worker_id ?? '',
    job.status === 'HASH_MISMATCH' ? 'hash-mismatch' : (job.error_cause ?? ''),
  ];
}

/** Share of the slice's blocks that are done, in percent, rounded down to a tenth. */
export function progressOf(job: FullJobRecord): number {
  const blocks = job.end_block_num - job.start_block_num;
  const done = Math.min(Math.max(job.last_block_processed - job.start_block_num, 0), blocks);
  return percentOf(done, blocks);
}
