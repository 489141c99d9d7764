import type { Job } from './job.ts';
import { contradict, versionKey } from './version.ts';

/**
 * One worker's word that loading the snapshot at a block gave this hash (S). It says what the slice
 * *ending* at the block has to arrive at, and is kept even when the snapshot is replaced later.
 */
export interface SnapshotObservation {
  readonly block: number;
  /** `versionKey` of the slice that the snapshot was loaded for. */
  readonly versionKey: string;
  /** What `nodeos --version` said where it was loaded; null when not reported. */
  readonly nodeosVersion: string | null;
  /** 64 lower-case hex digits. */
  readonly hash: string;
  /** The job that loaded the snapshot; null when the caller did not say. */
  readonly jobId: number | null;
  /** UTC, ISO 8601. Observations of one instant count in the order in which they are passed. */
  readonly at: string;
}

/** All that is known of the state at the end block of one slice. */
export interface Evidence {
  /** A: what the finished slice arrived at; null while it is not finished. */
  readonly actual: string | null;
  /** S: the newest observation that counts for the slice. */
  readonly seen: SnapshotObservation | null;
  /** Other hashes that were observed for the same block and version, newest first. */
  readonly otherSeen: readonly string[];
  /** K: what the manifest knew before the run. */
  readonly known: string | null;
}

/** A job as it should be, and why. */
export interface SettledJob {
  readonly job: Job;
  readonly evidence: Evidence;
}

/** A block together with the version for which a hash of it counts. */
function spotOf(block: number, key: string): string {
  return `${block} ${key}`;
}

export function startSpot(job: Job): string {
  return spotOf(job.slice.startBlock, versionKey(job.slice));
}

export function endSpot(job: Job): string {
  return spotOf(job.slice.endBlock, versionKey(job.slice));
}

/** The observations by spot, newest first. */
export type SeenBySpot = ReadonlyMap<string, readonly SnapshotObservation[]>;

export function indexObservations(observations: readonly SnapshotObservation[]): SeenBySpot {
  const bySpot = Map.groupBy(observations, ({ block, versionKey: key }) => spotOf(block, key));
  for (const [spot, seen] of bySpot) {
    // Sorting is stable: of one instant, the one that was passed last comes first.
    bySpot.set(spot, seen.toReversed().toSorted(newestFirst));
  }
  return bySpot;
}

function newestFirst(a: SnapshotObservation, b: SnapshotObservation): number {
  if (a.at === b.at) return 0;
  return a.at < b.at ? 1 : -1;
}

/** COMPLETE or HASH_MISMATCH with its hash: there is something to judge. */
export function isFinished(job: Job): boolean {
  return (job.status === 'COMPLETE' || job.status === 'HASH_MISMATCH') && job.actualHash !== null;
}

/** What counts for the end of a job's slice: never a hash of another version, as planned or as reported. */
export function gatherEvidence(job: Job, seenBySpot: SeenBySpot): Evidence {
  const all = seenBySpot.get(endSpot(job)) ?? [];
  const counting = all.filter((seen) => !contradict(seen.nodeosVersion, job.nodeosVersion));
  const seen = counting[0] ?? null;
  const otherSeen = [...new Set(counting.map(({ hash }) => hash))].filter((hash) => hash !== seen?.hash);
  return {
    actual: isFinished(job) ? job.actualHash : null,
    seen,
    otherSeen,
    // The manifest says "" for a hash that is not known.
    known: job.slice.knownHash || null,
  };
}
