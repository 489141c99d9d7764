/**
 * The ledger of hashes (PROTOCOL section 2). At a block B meet up to three values: A, what the slice
 * ending there arrived at; S, what loading the snapshot at B gave; K, what the manifest knew before.
 */
import { disagreeingAttempts } from './disagreement.ts';
import type { AttemptHash } from './disagreement.ts';
import { gatherEvidence, indexObservations, isFinished, startSpot, endSpot } from './evidence.ts';
import type { Evidence, SettledJob, SnapshotObservation } from './evidence.ts';
import type { Job, Verdict } from './job.ts';
import { findSuspects } from './suspects.ts';
import type { SuspectSnapshot } from './suspects.ts';

export type { SnapshotObservation } from './evidence.ts';
export type { SuspectSnapshot } from './suspects.ts';
export { versionKey } from './version.ts';

/** Sources that should agree on the state at one block, and do not, whatever the verdict. */
export interface HashConflict {
  readonly block: number;
  /** The slice that ends at the block. */
  readonly sliceId: number;
  /** As the manifest spells it. */
  readonly version: string;
  readonly actual: string | null;
  readonly snapshot: string | null;
  readonly known: string | null;
  /** Older hashes that the snapshot at this block gave, when they differ from the newest. */
  readonly olderSnapshots: readonly string[];
  /** The results of the job's attempts when those are not all the same; else empty. */
  readonly attempts: readonly AttemptHash[];
}

interface Settlement {
  /** Only the jobs that changed, each with its revision raised by one. */
  readonly jobs: readonly Job[];
  /** By block, then slice. */
  readonly conflicts: readonly HashConflict[];
  /** By block, each snapshot once. */
  readonly suspects: readonly SuspectSnapshot[];
}

/**
 * Settles the verdict of every job from what is known. Pure and idempotent: settling the result again
 * changes nothing. The order of the jobs does not matter.
 *
 * A part of a run can be settled alone when it contains, with each job, all that start at its end block.
 */
export function settle(jobs: readonly Job[], observations: readonly SnapshotObservation[]): Settlement {
  const settled = settleAll(jobs, observations);
  return {
    jobs: settled.flatMap(({ job }, index) => (job === jobs[index] ? [] : [job])),
    conflicts: findConflicts(settled),
    suspects: findSuspects(settled),
  };
}

function settleAll(jobs: readonly Job[], observations: readonly SnapshotObservation[]): SettledJob[] {
  const seenBySpot = indexObservations(observations);
  // A slice that has ended without telling its start hash can be run again, and may still tell it.
  const awaitedSpots = new Set(jobs.map(startSpot));
  return jobs.map((job) => {
    const evidence = gatherEvidence(job, seenBySpot);
    return { evidence, job: settleJob(job, evidence, awaitedSpots.has(endSpot(job))) };
  });
}

function settleJob(job: Job, evidence: Evidence, awaited: boolean): Job {
  const verdict = verdictOf(evidence, awaited);
  const expectedHash = evidence.seen?.hash ?? job.slice.knownHash;
  const next: Partial<Job> = { verdict, expectedHash, ...statusFor(job, evidence, verdict) };
  const same = (Object.keys(next) as (keyof Job)[]).every((field) => next[field] === job[field]);
  return same ? job : { ...job, ...next, revision: job.revision + 1 };
}

/** The table of PROTOCOL section 2; null while the slice is not finished. */
function verdictOf({ actual, seen, known }: Evidence, awaited: boolean): Verdict | null {
  if (actual === null) return null;
  if (actual === seen?.hash || actual === known) return 'VERIFIED';
  if (seen !== null || known !== null) return 'MISMATCH';
  return awaited ? 'PENDING' : 'UNVERIFIABLE';
}

/** A mismatch is the status's business too; whatever else the verdict is, a finished job is COMPLETE. */
function statusFor(job: Job, evidence: Evidence, verdict: Verdict | null): Partial<Job> {
  if (!isFinished(job)) return {};
  if (verdict !== 'MISMATCH') return { status: 'COMPLETE', errorCause: null, errorMessage: null };
  return {
    status: 'HASH_MISMATCH',
    errorCause: 'hash-mismatch',
    errorMessage: describeMismatch(job, evidence),
  };
}

function describeMismatch(job: Job, { actual, seen, known }: Evidence): string {
  const expected = [
    ...(seen === null ? [] : [`${seen.hash} (from loading the snapshot at that block)`]),
    ...(known === null || known === seen?.hash ? [] : [`${known} (from the manifest)`]),
  ];
  return `the state at block ${job.slice.endBlock} has the hash ${actual}; expected ${expected.join(' or ')}`;
}

function findConflicts(settled: readonly SettledJob[]): HashConflict[] {
  return settled
    .flatMap(({ job, evidence }) => {
      const attempts = disagreeingAttempts(job);
      return attempts.length > 0 || disagree(evidence) ? [conflictOf(job, evidence, attempts)] : [];
    })
    .toSorted((a, b) => a.block - b.block || a.sliceId - b.sliceId);
}

function disagree({ seen, otherSeen, known }: Evidence): boolean {
  return otherSeen.length > 0 || (seen !== null && known !== null && seen.hash !== known);
}

function conflictOf(
  { slice }: Job,
  { actual, seen, otherSeen, known }: Evidence,
  attempts: readonly AttemptHash[],
): HashConflict {
  return {
    block: slice.endBlock,
    sliceId: slice.sliceId,
    version: slice.version,
    actual,
    snapshot: seen?.hash ?? null,
    known,
    olderSnapshots: otherSeen,
    attempts,
  };
}
