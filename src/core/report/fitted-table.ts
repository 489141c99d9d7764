import { columnWidths, renderTable, type Column } from './long-table.ts';
import { clip, oneLine } from './status-text.ts';

/** A column with its cells from the first row to the last, as they come from the network. */
export interface FilledColumn {
  column: Column;
  cells: readonly string[];
}

interface Fit {
  /** Names of columns that a narrow window does without, the first of them first. */
  droppedFirst: readonly string[];
  /** Characters of a line; null: no limit. */
  width: number | null;
}

/**
 * A table that is as wide as there is room for. In a narrow window columns are left out: first those that
 * are empty, then as is said, and a last line names them. What is still too wide is cut off: a row is one line.
 */
export function renderFittedTable(filled: readonly FilledColumn[], { droppedFirst, width }: Fit): string {
  const all = filled.map(drawn);
  const shown = width === null ? all : narrowed(all, droppedFirst, width);
  const rows = all[0]?.cells.length ?? 0;
  const table = renderTable(
    shown.map(({ column }) => column),
    Array.from({ length: rows }, (_, at) => shown.map(({ cells }) => cells[at] ?? '')),
  );
  const hidden = all.filter((one) => !shown.includes(one)).map(({ column }) => column.name);
  const lines = table.split('\n');
  if (hidden.length > 0) lines.push(`No room for: ${hidden.join(', ')}.`);
  return (width === null ? lines : lines.map((line) => clip(line, width))).join('\n');
}

interface Drawn extends FilledColumn {
  /** Characters from one border to the next. */
  width: number;
}

function drawn({ column, cells: raw }: FilledColumn): Drawn {
  const cells = raw.map(oneLine);
  const [width = 0] = columnWidths(
    [column],
    cells.map((cell) => [cell]),
  );
  return { column, cells, width };
}

function narrowed(all: readonly Drawn[], droppedFirst: readonly string[], width: number): readonly Drawn[] {
  const isEmpty = ({ cells }: Drawn): boolean => cells.every((cell) => cell === '');
  const rank = (one: Drawn): number => droppedFirst.indexOf(one.column.name) - (isEmpty(one) ? 100 : 0);
  const expendable = all
    .filter(({ column }) => droppedFirst.includes(column.name))
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
