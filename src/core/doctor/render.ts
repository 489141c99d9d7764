import { oneLine } from '../report/status-text.ts';
import type { Result } from './finding.ts';
import type { CheckResult } from './run-checks.ts';

export interface RenderOptions {
  /** Characters of a line; null: lines are not broken. */
  width: number | null;
  colour: boolean;
}

const MARKS: Readonly<Record<Result, string>> = {
  ok: 'ok',
  warning: 'WARNING',
  failed: 'FAILED',
  skipped: 'skipped',
};
const COLOURS: Readonly<Record<Result, number>> = { ok: 32, warning: 33, failed: 31, skipped: 90 };

/** Below this, breaking lines makes nothing better. */
const LEAST_TEXT = 30;

/** One check a line, what to do about it below it, and a last line with the counts. */
export function renderChecks(results: readonly CheckResult[], { width, colour }: RenderOptions): string {
  const marks = Math.max(...Object.values(MARKS).map(({ length }) => length));
  const names = Math.max(0, ...results.map(({ id }) => id.length));
  const indent = marks + names + 4;
  const room = width === null ? Number.POSITIVE_INFINITY : Math.max(width - indent, LEAST_TEXT);
  const lines = results.flatMap((check) => {
    const mark = MARKS[check.result].padEnd(marks);
    const painted = colour ? `\u001B[${COLOURS[check.result]}m${mark}\u001B[0m` : mark;
    const [first = '', ...rest] = textOf(check).flatMap((text) => wrap(oneLine(text), room));
    return [
      `${painted}  ${check.id.padEnd(names)}  ${first}`,
      ...rest.map((text) => ' '.repeat(indent) + text),
    ];
  });
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n\n${countLine(results)}\n`;
}

function textOf({ subject, finding, mend }: CheckResult): string[] {
  const found = subject === null ? finding : `${subject}: ${finding}`;
  return mend === null ? [found] : [found, `→ ${mend}`];
}

function countLine(results: readonly CheckResult[]): string {
  const count = (result: Result): number => results.filter((check) => check.result === result).length;
  const warnings = count('warning') === 1 ? '1 warning' : `${count('warning')} warnings`;
  const verdict = count('failed') > 0 ? 'Not ready' : 'Ready';
  return `${verdict}: ${count('ok')} ok, ${warnings}, ${count('failed')} failed, ${count('skipped')} skipped.`;
}

/** Breaks at spaces; a word that is longer than the line stays whole, so that it can be copied. */
function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The form of --json. */
export function jsonOfChecks(
  results: readonly CheckResult[],
  about: { role: string; dataDir: string },
): object {
  return {
    ok: results.every(({ result }) => result !== 'failed'),
    role: about.role,
    data_dir: about.dataDir,
    checks: results.map(({ id, subject, result, finding, mend, values }) => ({
      id,
      subject,
      result,
      finding,
      mend,
      values,
    })),
  };
}
