import type { FullJobRecord } from '../protocol/full-record.ts';
import type { SetAsideHostRecord, SummaryRecord } from '../protocol/summary-record.ts';
import { formatBar } from '../format/bar.ts';
import { formatCount } from '../format/count.ts';
import { costText } from './cost-wording.ts';
import { columnWidths, renderTable } from './long-table.ts';
import { percentOf } from './model.ts';
import { STAND_IN_NOTICE } from './notices.ts';
import { columnOf, USUAL_COLUMNS } from './status-columns.ts';
import { clip, oneLine } from './status-text.ts';

export { progressOf } from './status-columns.ts';

/** The run at a glance, above the table. In a window it is broken between its parts. */
export function renderSummaryLine(summary: SummaryRecord, width: number | null = null): string {
  const { blocks_processed: done, total_blocks: total } = summary;
  const bar = formatBar(done / total, width !== null && width < 80 ? 10 : 24);
  const parts = [
    `Run ${summary.run_id}: ${bar} ${percentOf(done, total).toFixed(1)} % of ${formatCount(total)} blocks`,
    `${summary.jobs_succeeded} succeeded`,
    `${summary.jobs_failed} failed`,
    `${summary.jobs_remaining} remaining`,
    `${summary.host_count} ${summary.host_count === 1 ? 'host' : 'hosts'} at work`,
  ];
  // An older orchestrator knows neither idle hosts nor their cost.
  if (summary.hosts_idle > 0) parts.push(`${summary.hosts_idle} idle`);
  if (summary.blocks_per_second !== null)
    parts.push(`${formatCount(Math.round(summary.blocks_per_second))} blocks/s`);
  if (summary.eta !== null) parts.push(`done about ${summary.eta}Z`);
  if (summary.cost) parts.push(`cost so far ${costText(summary.cost)}`);
  const lines = [...fill(parts, width), ...summary.hosts_set_aside.map(setAsideLine)];
  return [...lines, ...(summary.stand_in ? [STAND_IN_NOTICE] : [])].join('\n');
}

/** As many parts on a line as there is room for. */
function fill(parts: readonly string[], width: number | null): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    // One more for the comma at its end.
    const fits = last !== undefined && (width === null || last.length + part.length + 3 <= width);
    if (fits) lines[lines.length - 1] = `${last}, ${part}`;
    else lines.push(part);
  }
  return lines.map((line, at) => (at < lines.length - 1 ? `${line},` : line));
}

function setAsideLine({ worker_id, since, failures }: SetAsideHostRecord): string {
  const causes = failures.map(({ error_cause }) => error_cause).join(', ');
  return `Host ${oneLine(worker_id)} is set aside since ${since}Z and gets no more jobs: its last ${failures.length} attempts failed (${causes})`;
}

/** What a narrow window does without, the first of them first. The number and the status stay. */
export const DROPPED_FIRST: readonly string[] = [
  'slice',
  'attempt',
  'block',
  'left',
  'rate',
  'host',
  'blocks',
  'progress',
  'verdict',
  'cause',
];

export interface TableOptions {
  /** Names out of COLUMN_NAMES; null: the usual ones, as far as there is room. */
  columns?: readonly string[] | null;
  /** Characters of a line; null: no limit. */
  width?: number | null;
}

/**
 * Jobs as a table; problems keep their cause in sight. In a window too narrow for the usual columns some
 * are left out: first those that are empty, then those of DROPPED_FIRST. Columns that were chosen all stay.
 * What is still too wide is cut off: a row is one line.
 */
export function renderStatusTable(jobs: readonly FullJobRecord[], options: TableOptions = {}): string {
  const { columns = null, width = null } = options;
  const all = (columns ?? USUAL_COLUMNS).map((name) => drawn(name, jobs));
  const shown = columns === null && width !== null ? narrowed(all, width) : all;
  const table = renderTable(
    shown.map(({ column }) => column),
    jobs.map((_, at) => shown.map(({ cells }) => cells[at] ?? '')),
  );
  const hidden = all.filter((one) => !shown.includes(one)).map(({ column }) => column.name);
  const lines = table.split('\n');
  if (hidden.length > 0) lines.push(`No room for: ${hidden.join(', ')}.`);
  return (width === null ? lines : lines.map((line) => clip(line, width))).join('\n');
}

interface Drawn {
  column: ReturnType<typeof columnOf>;
  cells: string[];
  /** Characters from one border to the next. */
  width: number;
}

function drawn(name: string, jobs: readonly FullJobRecord[]): Drawn {
  const column = columnOf(name);
  const cells = jobs.map((job) => oneLine(column.cell(job)));
  const [width = 0] = columnWidths(
    [column],
    cells.map((cell) => [cell]),
  );
  return { column, cells, width };
}

function narrowed(all: readonly Drawn[], width: number): readonly Drawn[] {
  const isEmpty = ({ cells }: Drawn): boolean => cells.every((cell) => cell === '');
  const rank = (one: Drawn): number => DROPPED_FIRST.indexOf(one.column.name) - (isEmpty(one) ? 100 : 0);
  const expendable = all
    .filter(({ column }) => DROPPED_FIRST.includes(column.name))
    .toSorted((one, other) => rank(one) - rank(other));
  let shown = all;
  for (const one of expendable) {
    if (widthOf(shown) <= width) break;
    shown = shown.filter((kept) => kept !== one);
  }
  return shown;
}

/** Characters of a line of the table: a border before the first column, and one after each. */
function widthOf(shown: readonly Drawn[]): number {
  return shown.reduce((sum, { width }) => sum + width + 1, 1);
}
