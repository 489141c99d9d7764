import { newJob } from '../../../src/core/domain/new-job.ts';
import type { Attempt, Job } from '../../../src/core/domain/job.ts';
import type { SnapshotObservation } from '../../../src/core/domain/ledger.ts';
import { versionKey } from '../../../src/core/domain/ledger.ts';
import type { Slice } from '../../../src/core/domain/slice.ts';

export const CREATED = '2026-11-22T10:00:00';
export const NOW = '2026-11-22T11:30:00';

/** An integrity hash that is told apart by its first letters: `hash('a1')`. */
export function hash(name: string): string {
  return name.padEnd(64, '0');
}

/** Slice 2 of a chain of slices of 100 blocks: 100 to 200, nothing known of its end. */
export function aSlice(changes: Partial<Slice> = {}): Slice {
  const sliceId = changes.sliceId ?? 2;
  const startBlock = changes.startBlock ?? (sliceId - 1) * 100;
  return {
    sliceId,
    startBlock,
    endBlock: startBlock + 100,
    snapshotPath: `s3://bucket/snapshots/${startBlock}.bin.zst`,
    storageTypeAsWritten: 's3',
    storageType: 's3',
    versionField: 'spring_version',
    version: '1.2.2',
    knownHash: null,
    nodeosVersion: null,
    nodeosOptions: [],
    blocksPath: null,
    genesisPath: null,
    snapshotSha256: null,
    ...changes,
  };
}

/** A waiting job; its number is 100 more than that of its slice, so that the two are not mixed up. */
export function aJob(changes: Partial<Job> = {}, slice: Partial<Slice> = {}): Job {
  const made = newJob(0, aSlice(slice), CREATED);
  return { ...made, jobId: made.slice.sliceId + 100, ...changes };
}

/** A job that has arrived at a hash, not settled yet. */
export function aFinishedJob(sliceId: number, actualHash: string, slice: Partial<Slice> = {}): Job {
  const job = aJob({}, { ...slice, sliceId });
  return { ...job, status: 'COMPLETE', actualHash, lastBlockProcessed: job.slice.endBlock };
}

/** The word of a job that loaded the snapshot at the start of its slice. */
export function observedBy(
  job: Job,
  hashSeen: string,
  changes: Partial<SnapshotObservation> = {},
): SnapshotObservation {
  return {
    block: job.slice.startBlock,
    versionKey: versionKey(job.slice),
    nodeosVersion: job.nodeosVersion,
    hash: hashSeen,
    jobId: job.jobId,
    at: NOW,
    ...changes,
  };
}

/** The first attempt of host-1, which reported an error without a cause. */
export function anAttempt(changes: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    workerId: 'host-1',
    instanceId: null,
    startTime: NOW,
    endTime: NOW,
    outcome: 'ERROR',
    cause: null,
    message: null,
    lastBlockProcessed: 0,
    actualHash: null,
    nodeosVersion: null,
    stageTimes: {},
    ...changes,
  };
}
