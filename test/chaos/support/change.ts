import type { JobUpdate } from '../../../src/core/protocol/full-record.ts';

/** A request that changes a job, as its worker sends it: again and again, with the same version and body. */
export interface JobChange {
  kind: 'job';
  worker: string;
  jobId: number;
  /** The version that the worker has read; sent as If-Match. */
  etag: string;
  update: JobUpdate;
  /** What the model said before the version was read (`changesOf`). */
  changesThen: number;
}

/** A worker's word on the hash of a snapshot. */
export interface Sighting {
  kind: 'sighting';
  worker: string;
  block: number;
  hash: string;
}

export type Change = JobChange | Sighting;

/** A job as far as callers have changed it. */
export interface JobState {
  status: JobUpdate['status'];
  lastBlock: number;
  actualHash: string | null;
  cause: string | null;
  /** Who tried, in order. */
  attempts: readonly string[];
  /** Who holds it now. */
  holder: string | null;
}

/** What a change that is accepted makes of a job: all of it at once, or nothing. */
export function applied(state: JobState, { worker, update }: JobChange): JobState {
  const { status } = update;
  if (status === 'STARTED') {
    const attempts = [...state.attempts, worker];
    return { status, lastBlock: 0, actualHash: null, cause: null, attempts, holder: worker };
  }
  if (status === 'WAITING_4_WORKER') {
    return { ...state, status, lastBlock: 0, actualHash: null, cause: null, holder: null };
  }
  const ended = status === 'COMPLETE' || status === 'ERROR';
  return {
    ...state,
    status,
    lastBlock: update.last_block_processed ?? state.lastBlock,
    actualHash: update.actual_integrity_hash ?? state.actualHash,
    cause: update.error_cause ?? null,
    holder: ended ? null : worker,
  };
}

export function isSame(one: JobState, other: JobState): boolean {
  return JSON.stringify(orderedState(one)) === JSON.stringify(orderedState(other));
}

function orderedState({ status, lastBlock, actualHash, cause, attempts, holder }: JobState): unknown[] {
  return [status, lastBlock, actualHash, cause, attempts, holder];
}
