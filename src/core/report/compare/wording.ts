import { formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/span.ts';
import { oneLine } from '../status-text.ts';
import { STANDING_NAMES, count } from '../wording.ts';
import type { ComparedRun, ComparedSide, ComparedSlice, Comparison } from './comparison.ts';

/** The result in one line. Nothing is called the same of which only one hash is known. */
export function comparisonHeadline({ outcome, totals, a, b }: Comparison): string {
  const runs = `Run ${a.runId} and run ${b.runId}`;
  const compared = totals.slices - totals.onlyInA - totals.onlyInB;
  switch (outcome) {
    case 'different':
      return `${runs}: DIFFERENT. Of ${count(compared, 'slice')} that both have, these differ: ${differing(totals)}.`;
    case 'unknown':
      if (compared === 0) return `${runs}: NOTHING TO COMPARE. They have no slice in common.`;
      return totals.unknown === 0
        ? `${runs}: CANNOT BE TOLD. What is left of damaged data shows no difference.`
        : `${runs}: CANNOT BE TOLD YET. ${totals.unknown} of ${count(compared, 'slice')} that both have cannot be compared; no other one differs.`;
    case 'same':
      return `${runs}: THE SAME. All ${count(compared, 'slice')} that both have came to the same hash and verdict.`;
  }
}

function differing({ hashDiffers, verdictDiffers }: Comparison['totals']): string {
  const parts = [
    ...(hashDiffers > 0 ? [`${formatCount(hashDiffers)} in the hash`] : []),
    ...(verdictDiffers > 0 ? [`${formatCount(verdictDiffers)} in the verdict`] : []),
  ];
  return parts.join(', ');
}

/** What is counted, and how it stands. */
export function comparisonFigures(comparison: Comparison): [name: string, value: string][] {
  const { totals, speed, a, b } = comparison;
  return [
    [`A: run ${a.runId}`, runLine(a)],
    [`B: run ${b.runId}`, runLine(b)],
    ['Equal', count(totals.equal, 'slice')],
    ['Hash differs', count(totals.hashDiffers, 'slice')],
    ['Verdict differs', count(totals.verdictDiffers, 'slice')],
    ['Cannot be told', count(totals.unknown, 'slice')],
    ['Only in A', count(totals.onlyInA, 'slice')],
    ['Only in B', count(totals.onlyInB, 'slice')],
    [
      'Time',
      speed.slices === 0
        ? 'no slice was replayed to its end in both'
        : `${formatSpan(speed.durationMsA)} in A, ${formatSpan(speed.durationMsB)} in B, for the ${count(speed.slices, 'slice')} that both finished`,
    ],
    [
      'Speed',
      speed.medianRatio === null
        ? 'not known'
        : `${ratio(speed.medianRatio)} (median of B against A, while replaying)`,
    ],
  ];
}

function runLine({ requestedVersions, nodeosVersions, outcome, jobs }: ComparedRun): string {
  const said = nodeosVersions.length === 0 ? 'no version reported' : nodeosVersions.join(', ');
  return `asked for ${requestedVersions.join(', ')}; nodeos said ${said}; ${outcome}: ${jobs.succeeded} succeeded, ${jobs.failed} failed, ${jobs.remaining} remaining`;
}

/** What has to be known before the rest is read. */
export function comparisonNotices({ a, b, slices }: Comparison): string[] {
  const rehearsals = [a, b].filter(({ standIn }) => standIn).map(({ runId }) => runId);
  const twoBuilds = slices.some(
    ({ hashes, a, b }) => hashes === 'different' && a?.standing === 'verified' && b?.standing === 'verified',
  );
  return [
    ...(rehearsals.length === 0
      ? []
      : [
          `REHEARSAL: results of run ${[...new Set(rehearsals)].join(' and ')} come from the nodeos stand-in and prove nothing about a real nodeos.`,
        ]),
    ...[a, b].flatMap(({ runId, damage }) => damage.map((what) => `DAMAGED: run ${runId}: ${what}`)),
    ...(twoBuilds
      ? [
          'Some slices are verified in both with different hashes: the two builds hash the same state differently, or had other snapshots.',
        ]
      : []),
  ];
}

/** `2.00x`: twice as fast. */
export function ratio(value: number): string {
  return `${value.toFixed(2)}x`;
}

export function versionOf(side: ComparedSide | null): string {
  if (side === null) return '';
  const { requestedVersion: asked, nodeosVersion: said } = side;
  return oneLine([asked ?? 'not known', ...(said === null ? [] : [said])].join(' / '));
}

export function resultOf(side: ComparedSide | null): string {
  return side === null ? 'no such slice' : STANDING_NAMES[side.standing];
}

export function hashWord({ hashes, a, b }: ComparedSlice): string {
  if (hashes !== 'unknown') return hashes === 'equal' ? 'equal' : 'DIFFERENT';
  if (a === null || b === null) return '';
  const [inA, inB] = [a.actualHash !== null, b.actualHash !== null];
  return inA ? 'none in B' : inB ? 'none in A' : 'none';
}

export function durationOf(side: ComparedSide | null): string {
  return side?.durationMs == null ? '' : formatSpan(side.durationMs);
}

export function rateOf(side: ComparedSide | null): string {
  return side?.blocksPerSecond == null ? '' : formatCount(side.blocksPerSecond);
}
