import type { JobStatus, Verdict } from '../../domain/job.ts';
import type { RunOutcome } from '../../domain/outcome.ts';
import type { ReportedStanding } from '../reported-job.ts';

/**
 * What two runs say of one slice, the most telling first. A slice counts once, for the first that holds.
 * - hash: both arrived at a hash, and not at the same one.
 * - verdict: what became of it differs: one failed and the other did not, or the verdicts are others.
 * - unknown: one of them has not told yet, or both arrived at nothing that could be compared.
 * - only-a, only-b: the other run has no such slice.
 * - none: the same hash, and the same verdict.
 */
export const DIFFERENCES = ['hash', 'verdict', 'unknown', 'only-a', 'only-b', 'none'] as const;
export type Difference = (typeof DIFFERENCES)[number];

/** Whether two hashes are the same; unknown unless both are there. */
export type HashRelation = 'equal' | 'different' | 'unknown';

/**
 * The result of a comparison.
 * - same: every slice that both runs have came to the same hash and verdict in both, and there is one.
 * - different: some slice did not.
 * - unknown: nothing differs so far, and of something it cannot be told.
 */
export type ComparisonOutcome = 'same' | 'different' | 'unknown';

/** One slice in one run. */
export interface ComparedSide {
  jobId: number;
  sliceId: number;
  status: JobStatus;
  verdict: Verdict | null;
  standing: ReportedStanding;
  /** What the manifest asks for, and what nodeos said of itself. */
  requestedVersion: string | null;
  nodeosVersion: string | null;
  workerId: string | null;
  /** Null unless it was replayed to its end. */
  actualHash: string | null;
  /** Milliseconds from the claim to the end, to the second; null unless it was replayed to its end. */
  durationMs: number | null;
  /** Of the stage `replay` alone; null when it is not known. */
  replayMs: number | null;
  /** While it replayed; null when that is not known. */
  blocksPerSecond: number | null;
}

export interface ComparedSlice {
  startBlock: number;
  endBlock: number;
  difference: Difference;
  hashes: HashRelation;
  /** Whether what became of it differs, whatever the hashes. */
  verdictDiffers: boolean;
  /** How many times as fast as in A it was replayed in B; null when it is not known of both. */
  speedRatio: number | null;
  a: ComparedSide | null;
  b: ComparedSide | null;
}

/** One of the two runs. */
export interface ComparedRun {
  runId: number;
  outcome: RunOutcome;
  standIn: boolean;
  requestedVersions: string[];
  nodeosVersions: string[];
  jobs: { total: number; succeeded: number; failed: number; remaining: number };
  began: string | null;
  ended: string | null;
  damage: readonly string[];
}

export interface Comparison {
  outcome: ComparisonOutcome;
  a: ComparedRun;
  b: ComparedRun;
  /** How many slices, by what is said of them; hash and verdict may both differ. */
  totals: {
    slices: number;
    equal: number;
    hashDiffers: number;
    verdictDiffers: number;
    unknown: number;
    onlyInA: number;
    onlyInB: number;
  };
  speed: SpeedTotals;
  /** In the order of their blocks. */
  slices: ComparedSlice[];
}

/** How fast the two runs were, by the slices that both replayed to their end. */
export interface SpeedTotals {
  slices: number;
  /** Their times from the claim to the end, all together. Milliseconds. */
  durationMsA: number;
  durationMsB: number;
  /** How many times as fast as in A in B, for the slice in the middle; null when it is known of none. */
  medianRatio: number | null;
}
