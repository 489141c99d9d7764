import { ExitCode } from '../../domain/exit-codes.ts';
import type { FullJobRecord } from '../../protocol/full-record.ts';
import type { SummaryRecord } from '../../protocol/summary-record.ts';
import { buildReport } from '../model.ts';
import { pairSlices } from './pair-slices.ts';
import { compareSlice } from './compare-slice.ts';
import type { ComparedRun, ComparedSlice, Comparison, ComparisonOutcome, Difference } from './comparison.ts';
import { speedOf } from './speed.ts';

export interface RunToCompare {
  summary: SummaryRecord;
  jobs: readonly FullJobRecord[];
}

/** Compares two runs slice by slice. Pure. */
export function compareRuns(a: RunToCompare, b: RunToCompare): Comparison {
  const slices = pairSlices(a, b).map(compareSlice);
  const damaged = [a, b].some(({ summary: { damage = [] } }) => damage.length > 0);
  return {
    outcome: outcomeOf(slices, damaged),
    a: comparedRun(a),
    b: comparedRun(b),
    totals: {
      slices: slices.length,
      equal: countOf(slices, 'none'),
      hashDiffers: slices.filter(({ hashes }) => hashes === 'different').length,
      verdictDiffers: slices.filter(({ verdictDiffers }) => verdictDiffers).length,
      unknown: countOf(slices, 'unknown'),
      onlyInA: countOf(slices, 'only-a'),
      onlyInB: countOf(slices, 'only-b'),
    },
    speed: speedOf(slices),
    slices,
  };
}

/** The exit code of `replay runs compare`. */
export function comparisonExitCode({ outcome }: Comparison): ExitCode {
  switch (outcome) {
    case 'same':
      return ExitCode.ok;
    case 'different':
      return ExitCode.failed;
    case 'unknown':
      return ExitCode.notFinished;
  }
}

function outcomeOf(slices: readonly ComparedSlice[], damaged: boolean): ComparisonOutcome {
  if (slices.some(({ difference }) => difference === 'hash' || difference === 'verdict')) return 'different';
  if (damaged || countOf(slices, 'unknown') > 0) return 'unknown';
  return countOf(slices, 'none') > 0 ? 'same' : 'unknown';
}

function countOf(slices: readonly ComparedSlice[], wanted: Difference): number {
  return slices.filter(({ difference }) => difference === wanted).length;
}

function comparedRun({ summary, jobs }: RunToCompare): ComparedRun {
  const report = buildReport(summary, jobs);
  const requested = report.slices.flatMap(({ requestedVersion }) => requestedVersion ?? []);
  const { runId, outcome, standIn, nodeosVersions, began, ended, damage } = report;
  return {
    runId,
    outcome,
    standIn,
    requestedVersions: [...new Set(requested)].toSorted(),
    nodeosVersions,
    jobs: report.jobs,
    began,
    ended,
    damage,
  };
}
