import { csvRow, type Cell } from '../csv-field.ts';
import type { ComparedSide, ComparedSlice, Comparison } from './comparison.ts';
import { byDifference } from './by-difference.ts';

/** In the order in which they stand; columns are added at the end and never renamed (docs/report.md). */
const COLUMNS: readonly [name: string, cell: (slice: ComparedSlice) => Cell][] = [
  ['start_block', ({ startBlock }) => startBlock],
  ['end_block', ({ endBlock }) => endBlock],
  ['difference', ({ difference }) => difference],
  ['hashes', ({ hashes }) => hashes],
  ['verdict_differs', ({ verdictDiffers }) => String(verdictDiffers)],
  ['speed_ratio', ({ speedRatio }) => rounded(speedRatio)],
  ...sides('configuration_slice', ({ sliceId }) => sliceId),
  ...sides('status', ({ status }) => status),
  ...sides('verdict', ({ verdict }) => verdict),
  ...sides('requested_version', ({ requestedVersion }) => requestedVersion),
  ...sides('nodeos_version', ({ nodeosVersion }) => nodeosVersion),
  ...sides('actual_integrity_hash', ({ actualHash }) => actualHash),
  ...sides('duration_ms', ({ durationMs }) => durationMs),
  ...sides('replay_ms', ({ replayMs }) => replayMs),
  ...sides('blocks_per_second', ({ blocksPerSecond }) => rounded(blocksPerSecond)),
  ...sides('worker_id', ({ workerId }) => workerId),
];

/** One row a slice after a row of names, what differs first. */
export function renderComparisonCsv({ slices }: Comparison): string {
  const rows = byDifference(slices).map((slice) => COLUMNS.map(([, cell]) => cell(slice)));
  return [COLUMNS.map(([name]) => name), ...rows].map(csvRow).join('');
}

function sides(
  name: string,
  cell: (side: ComparedSide) => Cell,
): [name: string, cell: (slice: ComparedSlice) => Cell][] {
  return [
    [`${name}_a`, ({ a }) => a && cell(a)],
    [`${name}_b`, ({ b }) => b && cell(b)],
  ];
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
