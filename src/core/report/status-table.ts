import type { FullJobRecord } from '../protocol/full-record.ts';
import { renderFittedTable } from './fitted-table.ts';
import { columnOf, USUAL_COLUMNS } from './status-columns.ts';

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
  const filled = (columns ?? USUAL_COLUMNS).map((name) => {
    const column = columnOf(name);
    return { column, cells: jobs.map((job) => column.cell(job)) };
  });
  return renderFittedTable(filled, { droppedFirst: columns === null ? DROPPED_FIRST : [], width });
}
