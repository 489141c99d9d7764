import type { FullJobRecord } from '../protocol/full-record.ts';
import { columnWidths, renderTable } from './long-table.ts';
import { columnOf, USUAL_COLUMNS } from './status-columns.ts';
import { clip, oneLine } from './status-text.ts';

export { progressOf } from './status-columns.ts';

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
