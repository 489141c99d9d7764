import { endSpot, startSpot } from './evidence.ts';
import type { SettledJob } from './evidence.ts';
import type { Job } from './job.ts';

/** A snapshot that its neighbours contradict: nodeos loads a damaged one without complaint. */
export interface SuspectSnapshot {
  readonly block: number;
  readonly snapshotPath: string;
  /** The slice that ends at the block. */
  readonly endingSliceId: number;
  /** The slice that starts at the block, from this snapshot. Whatever it says is doubtful too. */
  readonly startingSliceId: number;
  readonly reason: string;
}

/** The snapshots that are to be doubted, by block, each named once whatever number of slices it disturbs. */
export function findSuspects(settled: readonly SettledJob[]): SuspectSnapshot[] {
  const contradicted = settled.filter(({ evidence: { actual, seen } }) => {
    return actual !== null && seen !== null && actual !== seen.hash;
  });
  // As in most runs; the rest looks at all jobs.
  if (contradicted.length === 0) return [];
  const jobs = settled.map(({ job }) => job);
  const byId = new Map(jobs.map((job) => [job.jobId, job]));
  const byStart = Map.groupBy(jobs, startSpot);
  const suspects = contradicted.flatMap((ending) => {
    const starting = whoLoaded(ending, byId, byStart.get(endSpot(ending.job)) ?? []);
    const reason = starting && doubt(ending, starting);
    return starting && reason ? [suspectOf(ending.job, starting, reason)] : [];
  });
  const inOrder = suspects.toSorted((a, b) => a.block - b.block || a.endingSliceId - b.endingSliceId);
  return [...Map.groupBy(inOrder, ({ block, snapshotPath }) => `${block} ${snapshotPath}`).values()].flatMap(
    (same) => same.slice(0, 1),
  );
}

/** The job whose snapshot gave the hash: the one that said so, else the one that starts from that block. */
function whoLoaded(
  { job, evidence }: SettledJob,
  byId: ReadonlyMap<number, Job>,
  startingHere: readonly Job[],
): Job | null {
  const { seen } = evidence;
  if (seen === null) return null;
  const reporter = seen.jobId === null ? undefined : byId.get(seen.jobId);
  if (reporter?.slice.startBlock === job.slice.endBlock) return reporter;
  return startingHere.toSorted((a, b) => a.slice.sliceId - b.slice.sliceId)[0] ?? null;
}

/** Why the snapshot is doubtful; null when it is not. */
function doubt({ job, evidence }: SettledJob, starting: Job): string | null {
  const { actual, seen, known } = evidence;
  if (actual === null || seen === null || actual === seen.hash) return null;
  const gave = `loading the snapshot gave ${seen.hash}`;
  const arrived = `slice ${job.slice.sliceId} arrived at ${actual}`;
  if (actual === known) return `${arrived}, which the manifest knew too, but ${gave}`;
  // With S = K the snapshot has a witness, and it is the slice that is wrong.
  if (known === seen.hash || starting.verdict !== 'MISMATCH') return null;
  return `${arrived}, but ${gave}, and slice ${starting.slice.sliceId}, which starts from it, ends in a mismatch too`;
}

function suspectOf({ slice }: Job, starting: Job, reason: string): SuspectSnapshot {
  return {
    block: slice.endBlock,
    snapshotPath: starting.slice.snapshotPath,
    endingSliceId: slice.sliceId,
    startingSliceId: starting.slice.sliceId,
    reason,
  };
}
