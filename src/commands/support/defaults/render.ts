import { oneLine } from '../../../core/report/status-text.ts';
import type { DefaultsFile } from './load.ts';
import type { ShownSetting } from './shown.ts';

const STATES = { read: '', absent: ' (not there)', forbidden: ' (may not be read by this user)' } as const;

/** More commands than these are counted. */
const MOST_COMMANDS = 3;

/** For people: the files, then a line for each flag that is the same in some commands. */
export function renderDefaults(files: readonly DefaultsFile[], shown: readonly ShownSetting[]): string {
  const places = files.map(({ path, state }) => `  ${oneLine(path)}${STATES[state]}\n`).join('');
  const head = `Files with defaults, what counts most first:\n${places}\n`;
  if (shown.length === 0) return `${head}Nothing is set: what is built in is in force (--all shows it).\n`;
  const rows = [...grouped(shown)].map(([, same]) => rowOf(same));
  return `${head}${table([['FLAG', 'VALUE', 'FROM', 'COMMANDS'], ...rows])}`;
}

/** For programs; docs/json-output.md has the fields. */
export function jsonOfDefaults(files: readonly DefaultsFile[], shown: readonly ShownSetting[]): object {
  return {
    files: files.map(({ path, scope, state }) => ({ path, scope, state })),
    values: shown.map(({ command, flag, value, source, place }) => ({ command, flag, value, source, place })),
  };
}

/** What is the same but for the command. */
function grouped(shown: readonly ShownSetting[]): Map<string, ShownSetting[]> {
  const groups = new Map<string, ShownSetting[]>();
  for (const setting of shown) {
    const key = JSON.stringify([setting.flag, setting.value, setting.place]);
    groups.set(key, [...(groups.get(key) ?? []), setting]);
  }
  return groups;
}

function rowOf(same: readonly ShownSetting[]): string[] {
  const [{ flag, value, place }] = same as [ShownSetting];
  const names = same.map(({ command }) => command);
  const more = names.length - MOST_COMMANDS;
  const shown = more > 1 ? [...names.slice(0, MOST_COMMANDS), `${more} more`] : names;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [flag, oneLine(text), oneLine(place ?? 'built in'), shown.join(', ')];
}

function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
