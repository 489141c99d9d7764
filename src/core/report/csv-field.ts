import { printable } from './escape.ts';

/** A number, a text, or nothing (null: not known). */
export type Cell = number | string | null;

/** A row with its end (RFC 4180: CRLF, quotes doubled). */
export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(field).join(',')}\r\n`;
}

function field(cell: Cell): string {
  if (cell === null) return '';
  const text = typeof cell === 'number' ? String(cell) : harmless(cell);
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Spreadsheets take a text that begins so for a formula, and a formula can start programs or send the
 * sheet elsewhere. An apostrophe before it makes it a text (OWASP, "CSV Injection"). A NUL ends the file
 * for some readers.
 */
function harmless(text: string): string {
  const clean = printable(text);
  return /^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u.test(clean) ? `'${clean}` : clean;
}
