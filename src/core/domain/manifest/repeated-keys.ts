import { locateSlices } from './locate.ts';
import type { ManifestProblem } from './problem.ts';

/**
 * JSON.parse keeps the last of two equal keys and says nothing. Whether that happened is told by
 * counting: a text has one colon outside its strings for each key, and the value has one key fewer
 * for each repetition. Only then is it worth while to look where.
 */
export function hasRepeatedKeys(text: string, value: unknown): boolean {
  return countColons(text) !== countKeys(value);
}

/** The keys that stand more than once in one slice, at the place of the last one. */
export function findRepeatedKeys(text: string): ManifestProblem[] {
  const problems: ManifestProblem[] = [];
  for (const [sliceId, { fields }] of locateSlices(text, () => true)) {
    for (const [field, places] of fields) {
      const last = places.at(-1);
      if (places.length < 2 || last === undefined) continue;
      const lines = places.map(({ line }) => line);
      const message = `the key stands ${lines.length} times in this slice (lines ${lines.join(', ')}); expected once`;
      const value: unknown = JSON.parse(text.slice(last.valueStart, last.valueEnd));
      problems.push({ code: 'repeated-key', sliceId, line: last.line, field, value, message });
    }
  }
  return problems;
}

/** Colons outside of strings. By hand, because this runs over every manifest, however large. */
function countColons(text: string): number {
  let colons = 0;
  let from = 0;
  while (from < text.length) {
    const quote = text.indexOf('"', from);
    const to = quote === -1 ? text.length : quote;
    for (let at = text.indexOf(':', from); at !== -1 && at < to; at = text.indexOf(':', at + 1)) colons += 1;
    from = quote === -1 ? text.length : endOfString(text, quote);
  }
  return colons;
}

/** Offset behind the closing quote of the string that opens at `quote`. */
function endOfString(text: string, quote: number): number {
  for (let at = text.indexOf('"', quote + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    if (!isEscaped(text, at)) return at + 1;
  }
  return text.length;
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === '\\') first -= 1;
  return (at - first) % 2 === 1;
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce((sum: number, item: unknown) => sum + countKeys(item), 0);
  return Array.isArray(value) ? inner : inner + Object.keys(value).length;
}
