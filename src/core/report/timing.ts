import { STAGES, type Stage } from '../domain/job.ts';
import { type Distribution, distributionOf } from './distribution.ts';
import type { ReportedJob } from './reported-job.ts';

/** Long enough to see what they have in common. */
const SLOWEST = 10;

/** How long the finished slices took: those that were replayed to their end. Milliseconds. */
export interface Timing {
  /** From the claim to the end, to the second; null when no slice is finished. */
  slices: Distribution | null;
  /** Of each slice, its duration for a million blocks at its own speed. */
  perMillionBlocks: Distribution | null;
  /** Stages of one slice may overlap. A stage that no slice reached is absent. */
  stages: Partial<Record<Stage, Distribution>>;
  /** The finished slices that took longest, the longest first. */
  slowest: SlowSlice[];
}

export interface SlowSlice {
  job: ReportedJob;
  durationMs: number;
  perMillionBlocksMs: number;
}

export function timingOf(jobs: readonly ReportedJob[]): Timing {
  const finished = jobs.flatMap(timed);
  return {
    slices: distributionOf(finished.map(({ durationMs }) => durationMs)),
    perMillionBlocks: distributionOf(finished.map(({ perMillionBlocksMs }) => perMillionBlocksMs)),
    stages: stagesOf(finished.map(({ job }) => job)),
    slowest: finished.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, SLOWEST),
  };
}

function timed(job: ReportedJob): SlowSlice[] {
  const { durationMs, startBlock, endBlock } = job;
  if (durationMs === null) return [];
  return [{ job, durationMs, perMillionBlocksMs: (durationMs * 1_000_000) / (endBlock - startBlock) }];
}

function stagesOf(finished: readonly ReportedJob[]): Timing['stages'] {
  const stages: Timing['stages'] = {};
  for (const stage of STAGES) {
    const times = distributionOf(finished.flatMap(({ stageTimes }) => stageTimes[stage] ?? []));
    if (times !== null) stages[stage] = times;
  }
  return stages;
}
