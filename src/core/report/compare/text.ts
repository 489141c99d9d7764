import { renderFittedTable } from '../fitted-table.ts';
import type { Column } from '../long-table.ts';
import { printable } from '../escape.ts';
import { count } from '../wording.ts';
import { byDifference } from './by-difference.ts';
import type { ComparedSlice, Comparison } from './comparison.ts';
import {
  comparisonFigures,
  comparisonHeadline,
  comparisonNotices,
  durationOf,
  hashWord,
  rateOf,
  ratio,
  resultOf,
  versionOf,
} from './wording.ts';

type ComparedColumn = Column & { cell: (slice: ComparedSlice) => string };

const COLUMNS: readonly ComparedColumn[] = [
  { name: 'blocks', align: 'right', cell: ({ startBlock, endBlock }) => `${startBlock}-${endBlock}` },
  { name: 'hash', align: 'left', cell: hashWord },
  { name: 'A', align: 'left', cell: ({ a }) => resultOf(a) },
  { name: 'B', align: 'left', cell: ({ b }) => resultOf(b) },
  { name: 'version in A', align: 'left', cell: ({ a }) => versionOf(a) },
  { name: 'version in B', align: 'left', cell: ({ b }) => versionOf(b) },
  { name: 'time in A', align: 'right', cell: ({ a }) => durationOf(a) },
  { name: 'time in B', align: 'right', cell: ({ b }) => durationOf(b) },
  { name: 'blocks/s in A', align: 'right', cell: ({ a }) => rateOf(a) },
  { name: 'blocks/s in B', align: 'right', cell: ({ b }) => rateOf(b) },
  {
    name: 'B to A',
    align: 'right',
    cell: ({ speedRatio }) => (speedRatio === null ? '' : ratio(speedRatio)),
  },
];

/** What a narrow window does without, the first of them first. */
const DROPPED_FIRST = [
  'time in A',
  'time in B',
  'blocks/s in A',
  'blocks/s in B',
  'version in A',
  'version in B',
  'B to A',
];

/**
 * The comparison for a person: what differs first, with its hashes in full.
 * @param all also the slices in which nothing differs
 * @param width of the table, in characters; null: no limit
 */
export function renderComparisonText(
  comparison: Comparison,
  all: boolean,
  width: number | null = null,
): string {
  const sections = [
    [comparisonHeadline(comparison), ...comparisonNotices(comparison)].map(printable),
    comparisonFigures(comparison).map(([name, value]) => printable(`${name.padEnd(15)}  ${value}`)),
    hashes(comparison),
    table(comparison, all, width),
  ];
  const lines = sections.filter((section) => section.length > 0).map((section) => section.join('\n'));
  return `${lines.join('\n\n')}\n`;
}

function hashes({ slices }: Comparison): string[] {
  const different = slices.filter((slice) => slice.hashes === 'different');
  if (different.length === 0) return [];
  const lines = different.flatMap(({ startBlock, endBlock, a, b }) => [
    `  blocks ${startBlock} to ${endBlock}`,
    `    A  ${a?.actualHash} (slice ${a?.sliceId}, ${resultOf(a)})`,
    `    B  ${b?.actualHash} (slice ${b?.sliceId}, ${resultOf(b)})`,
  ]);
  return [`Hashes that differ (${different.length})`, ...lines];
}

function table({ slices }: Comparison, all: boolean, width: number | null): string[] {
  const shown = byDifference(slices).filter(({ difference }) => all || difference !== 'none');
  const hidden = slices.length - shown.length;
  const rest = hidden === 0 ? [] : [`${count(hidden, 'slice')} in which nothing differs: --all shows them.`];
  if (shown.length === 0) return rest;
  const columns = COLUMNS.filter((column) => !isSaidAbove(column, slices));
  const filled = columns.map((column) => ({ column, cells: shown.map(column.cell) }));
  return [renderFittedTable(filled, { droppedFirst: DROPPED_FIRST, width }), ...rest];
}

/** A version that all slices of a run have stands among the figures. */
function isSaidAbove({ name, cell }: ComparedColumn, slices: readonly ComparedSlice[]): boolean {
  if (!name.startsWith('version')) return false;
  return new Set(slices.map(cell).filter((version) => version !== '')).size <= 1;
}
