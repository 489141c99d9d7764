import type { ReportedJob, ReportedStanding } from '../reported-job.ts';
import type { ComparedSide, ComparedSlice, Difference, HashRelation } from './comparison.ts';
import type { Pair } from './pair-slices.ts';

export function compareSlice({ a, b }: Pair): ComparedSlice {
  const any = a ?? b;
  if (any === null) throw new Error('a pair of nothing');
  const [sideA, sideB] = [a && sideOf(a), b && sideOf(b)];
  const hashes = relationOf(sideA, sideB);
  const verdictDiffers = sideA !== null && sideB !== null && standDifferently(sideA, sideB);
  return {
    startBlock: any.startBlock,
    endBlock: any.endBlock,
    difference: differenceOf(sideA, sideB, { hashes, verdictDiffers }),
    hashes,
    verdictDiffers,
    speedRatio: ratioOf(sideA, sideB),
    a: sideA,
    b: sideB,
  };
}

function sideOf(job: ReportedJob): ComparedSide {
  const { jobId, sliceId, status, verdict, standing, requestedVersion, nodeosVersion, workerId } = job;
  const replayMs = job.durationMs === null ? null : (job.stageTimes.replay ?? null);
  return {
    jobId,
    sliceId,
    status,
    verdict,
    standing,
    requestedVersion,
    nodeosVersion,
    workerId,
    // What an attempt that is not at its end has left behind is no result.
    actualHash: status === 'COMPLETE' || status === 'HASH_MISMATCH' ? job.actualHash : null,
    durationMs: job.durationMs,
    replayMs,
    blocksPerSecond: replayMs ? ((job.endBlock - job.startBlock) * 1000) / replayMs : null,
  };
}

function relationOf(a: ComparedSide | null, b: ComparedSide | null): HashRelation {
  const [ofA, ofB] = [a?.actualHash ?? null, b?.actualHash ?? null];
  if (ofA === null || ofB === null) return 'unknown';
  return ofA === ofB ? 'equal' : 'different';
}

function differenceOf(
  a: ComparedSide | null,
  b: ComparedSide | null,
  { hashes, verdictDiffers }: Pick<ComparedSlice, 'hashes' | 'verdictDiffers'>,
): Difference {
  if (b === null) return 'only-a';
  if (a === null) return 'only-b';
  if (hashes === 'different') return 'hash';
  if (verdictDiffers) return 'verdict';
  return hashes === 'unknown' || a.standing !== b.standing ? 'unknown' : 'none';
}

/** What may still become anything. */
const OPEN: ReadonlySet<ReportedStanding> = new Set(['waiting', 'running', 'pending']);

function standDifferently(a: ComparedSide, b: ComparedSide): boolean {
  return a.standing !== b.standing && !OPEN.has(a.standing) && !OPEN.has(b.standing);
}

function ratioOf(a: ComparedSide | null, b: ComparedSide | null): number | null {
  if (!a?.replayMs || !b?.replayMs) return null;
  return a.replayMs / b.replayMs;
}
