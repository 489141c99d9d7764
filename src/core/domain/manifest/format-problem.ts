import type { ManifestProblem } from './problem.ts';
import { showValue } from './show-value.ts';

/** How many problems are shown at most: the first ones tell what is wrong, a thousand do not. */
const MOST_PROBLEMS_SHOWN = 50;

/** One line: `slice 3, line 19, end_block_id: got 5; expected more than start_block_id, which is 7`. */
export function formatProblem({ sliceId, line, field, message }: ManifestProblem): string {
  const place = [
    ...(sliceId === null ? [] : [`slice ${sliceId}`]),
    ...(line === null ? [] : [`line ${line}`]),
    ...(field === null ? [] : [nameOf(field)]),
  ];
  return place.length === 0 ? message : `${place.join(', ')}: ${message}`;
}

/** An unknown field may be called anything, line feeds included. */
function nameOf(field: string): string {
  return /^[A-Za-z0-9_.-]{1,80}$/.test(field) ? field : showValue(field);
}

/** One line for each problem, and how many more there are when it is too many. */
export function formatProblems(problems: readonly ManifestProblem[], most = MOST_PROBLEMS_SHOWN): string {
  const lines = problems.slice(0, most).map(formatProblem);
  const more = problems.length - lines.length;
  return [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}
