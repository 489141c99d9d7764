import type { FullJobRecord } from '../../../protocol/full-record.ts';
import type { HashConflictRecord } from '../../../protocol/summary-record.ts';

/** A hash that a slice should arrive at, and who says so. */
export interface Expected {
  hash: string;
  /** A sentence. */
  from: string;
  /** Whether it is what the verdict was settled with first. */
  isNewest: boolean;
}

/**
 * Where the hashes come from that a slice should arrive at (docs/architecture.md): the manifest knew one before
 * the run, and the snapshot at the last block gives one when the next slice loads it. Empty: neither did.
 *
 * @param next the jobs that start where this one ends
 * @param conflict what the summary says of a disagreement at that block, if anything
 */
export function expectedHashes(
  job: FullJobRecord,
  next: readonly FullJobRecord[],
  conflict: HashConflictRecord | null,
): Expected[] {
  const known = job.known_integrity_hash || null;
  const newest = job.expected_integrity_hash || null;
  if (newest === null) return [];
  const loaded = loadedBy(job, next);
  const isFromSnapshot = newest !== known || (conflict !== null && conflict.snapshot !== null);
  if (!isFromSnapshot) return [{ hash: newest, from: manifestSays(loaded), isNewest: true }];
  const who = loaded === null ? 'a host' : loaded;
  const snapshot = `The snapshot at this block gave it, when ${who} loaded it.`;
  return [
    { hash: newest, from: snapshot, isNewest: true },
    ...(known === null || known === newest
      ? []
      : [{ hash: known, from: 'The manifest had it before the run.', isNewest: false }]),
    ...(conflict?.older_snapshots ?? []).map((hash) => ({
      hash,
      from: 'The same snapshot gave it earlier.',
      isNewest: false,
    })),
  ];
}

function manifestSays(loaded: string | null): string {
  return loaded === null
    ? 'The manifest had it before the run. The snapshot at this block has not been loaded yet.'
    : `The manifest had it before the run, and ${loaded} loaded the snapshot at this block, which did not contradict it.`;
}

/** `replay-3 for slice 18`; null: nobody has loaded the snapshot at the end of the slice. */
function loadedBy(job: FullJobRecord, next: readonly FullJobRecord[]): string | null {
  for (const other of next) {
    if (versionOf(other) !== versionOf(job)) continue;
    const attempt = other.attempts.findLast(
      ({ number, outcome, stage_times: times }) =>
        outcome === 'COMPLETE' ||
        times.replay !== undefined ||
        (number === other.attempt && other.status === 'WORKING'),
    );
    if (attempt !== undefined)
      return `${attempt.worker_id ?? 'a host without a name'} for slice ${other.replay_slice_id}`;
  }
  return null;
}

/** The version that the manifest asks for, as it spells it. */
export function versionOf({ leap_version, spring_version }: FullJobRecord): string {
  return leap_version ?? spring_version ?? '';
}

/** What the verdict means, for somebody who does not know the rules. */
export function verdictSentence(job: FullJobRecord, hasNext: boolean): string {
  const { verdict, expected_integrity_hash: expected, known_integrity_hash: known } = job;
  switch (verdict) {
    case null:
      return 'Nothing is compared before the slice is replayed to its end.';
    case 'VERIFIED':
      return job.actual_integrity_hash === expected || known === null
        ? 'Verified: the slice arrived at the hash that was expected.'
        : 'Verified by the manifest: the snapshot at the last block gives another hash, and is suspect.';
    case 'MISMATCH':
      return 'Mismatch: the slice arrived at none of the hashes that are known for its last block.';
    case 'PENDING':
      return 'Pending: the slice that starts at the last block has yet to load its snapshot, which tells the hash.';
    case 'UNVERIFIABLE':
      return hasNext
        ? 'Not verifiable: nothing tells which hash to expect.'
        : 'Not verifiable: the manifest has no hash for the last block, and no slice starts there.';
  }
}
