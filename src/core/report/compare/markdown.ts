import { code, table, textOf } from '../markdown-parts.ts';
import type { ComparedSide, ComparedSlice, Comparison } from './comparison.ts';
import { byDifference } from './by-difference.ts';
import {
  comparisonFigures,
  comparisonHeadline,
  comparisonNotices,
  durationOf,
  hashWord,
  ratio,
  resultOf,
  versionOf,
} from './wording.ts';

/** A comment on a pull request holds 65,536 characters; what follows these is left to another format. */
const MOST_ROWS = 50;

const MARKS: Record<Comparison['outcome'], string> = { same: '✅', different: '❌', unknown: '⏳' };

/** The comparison for a pull request. Slices in which nothing differs are counted, and not listed. */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const sections = [
    `## ${MARKS[comparison.outcome]} ${textOf(comparisonHeadline(comparison))}`,
    ...comparisonNotices(comparison).map((notice) => `> [!WARNING]\n> ${textOf(notice)}`),
    table(
      ['Figure', ''],
      comparisonFigures(comparison).map(([name, value]) => [name, textOf(value)]),
    ),
    differences(comparison.slices),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function differences(slices: readonly ComparedSlice[]): string {
  const differing = byDifference(slices).filter(({ difference }) => difference !== 'none');
  if (differing.length === 0) return '';
  const rows = differing
    .slice(0, MOST_ROWS)
    .map((slice) => [
      `${slice.startBlock} to ${slice.endBlock}`,
      hashWord(slice),
      sideCell(slice.a),
      sideCell(slice.b),
      slice.speedRatio === null ? '' : ratio(slice.speedRatio),
    ]);
  const left = differing.length - rows.length;
  const more = left === 0 ? '' : `\n\nAnd ${left} more: \`--format csv\` has all.`;
  return `### Slices that differ, or cannot be told (${differing.length})\n\n${table(['Blocks', 'Hash', 'A', 'B', 'B to A'], rows)}${more}`;
}

function sideCell(side: ComparedSide | null): string {
  const parts = [
    textOf(resultOf(side)),
    ...(side === null ? [] : [textOf(versionOf(side))]),
    ...(side?.actualHash == null ? [] : [code(side.actualHash)]),
    ...(durationOf(side) === '' ? [] : [durationOf(side)]),
  ];
  return parts.join('<br>');
}
