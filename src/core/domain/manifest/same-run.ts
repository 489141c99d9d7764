import type { Slice } from '../slice.ts';

/** A slice with all that its run may have written back into its manifest. */
export interface KnownSlice {
  readonly slice: Slice;
  /** The hash that is expected now. */
  readonly expectedHash: string | null;
  /** Other hashes that the run has learned for the slice's end block, and may have written back. */
  readonly learnedHashes?: readonly string[];
}

/**
 * Whether a manifest describes the run that is in the store. A run writes the hashes that it learns back
 * into its manifest; a manifest that differs in nothing but those still is the same run.
 *
 * @param manifestSlices with their paths resolved, like those in the store.
 * @param storedJobs of one run, in any order.
 */
export function isSameRun(manifestSlices: readonly Slice[], storedJobs: readonly KnownSlice[]): boolean {
  if (manifestSlices.length !== storedJobs.length) return false;
  const stored = new Map(storedJobs.map((job) => [job.slice.sliceId, job]));
  return (
    stored.size === storedJobs.length &&
    manifestSlices.every((slice) => {
      const job = stored.get(slice.sliceId);
      return job !== undefined && isSameSlice(slice, job.slice) && mayKnow(slice.knownHash, job);
    })
  );
}

/** Everything but the hash, and the storage type that follows from how it is spelled. */
const IDENTITY = [
  'sliceId',
  'startBlock',
  'endBlock',
  'snapshotPath',
  'storageTypeAsWritten',
  'versionField',
  'version',
  'nodeosVersion',
  'blocksPath',
  'genesisPath',
  'snapshotSha256',
] as const satisfies (keyof Slice)[];

function isSameSlice(one: Slice, other: Slice): boolean {
  return (
    IDENTITY.every((field) => one[field] === other[field]) &&
    one.nodeosOptions.length === other.nodeosOptions.length &&
    one.nodeosOptions.every((option, index) => option === other.nodeosOptions[index])
  );
}

/** `""` and null both say that nothing is known. */
function mayKnow(hash: string | null, { slice, expectedHash, learnedHashes = [] }: KnownSlice): boolean {
  return [slice.knownHash, expectedHash, ...learnedHashes].some(
    (known) => (known || null) === (hash || null),
  );
}
