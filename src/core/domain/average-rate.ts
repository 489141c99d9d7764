import type { Attempt, Job } from './job.ts';
import { utcSeconds } from './time.ts';

/**
 * Blocks per second of the whole run so far: the blocks that all attempts have replayed, also those that
 * were replayed again, by the seconds during which at least one of these attempts ran. A night without
 * hosts is not in it, and one over which hosts worked while the orchestrator was down is.
 *
 * Attempts that ended with the loss of their host are left out altogether: nobody knows when they stopped.
 *
 * @param now seconds since 1970, the end of the attempts that run.
 * @returns null while there is nothing to divide by: no time, or no block.
 */
export function averageRate(jobs: readonly Job[], now: number): number | null {
  const starts: number[] = [];
  const ends: number[] = [];
  let blocks = 0;
  for (const job of jobs) {
    for (const attempt of job.attempts) {
      if (attempt.cause === 'host-lost') continue;
      const start = utcSeconds(attempt.startTime);
      const end = Math.min(attempt.endTime === null ? now : utcSeconds(attempt.endTime), now);
      // Both times may come from a client, and its clock may be anything.
      if (!(start <= end)) continue;
      starts.push(start);
      ends.push(end);
      blocks += replayedBlocks(job, attempt);
    }
  }
  const seconds = coveredSeconds(Float64Array.from(starts).toSorted(), Float64Array.from(ends).toSorted());
  return seconds > 0 && blocks > 0 ? blocks / seconds : null;
}

function replayedBlocks({ slice }: Job, { outcome, lastBlockProcessed }: Attempt): number {
  const blocks = slice.endBlock - slice.startBlock;
  if (outcome === 'COMPLETE') return blocks;
  return Math.min(Math.max(lastBlockProcessed - slice.startBlock, 0), blocks);
}

/** How long at least one of the spans lasts: the sorted starts and ends tell that without their pairs. */
function coveredSeconds(starts: Float64Array, ends: Float64Array): number {
  let covered = 0;
  let began = 0;
  for (let start = 0, end = 0; end < ends.length;) {
    const open = start - end;
    if (start < starts.length && starts[start]! <= ends[end]!) {
      if (open === 0) began = starts[start]!;
      start += 1;
    } else {
      if (open === 1) covered += ends[end]! - began;
      end += 1;
    }
  }
  return covered;
}
