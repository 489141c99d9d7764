import type { JobStatus, Verdict } from '../../domain/job.ts';

/** Statuses for people, in the order in which they are listed. */
export const STATUS_NAMES: Record<JobStatus, string> = {
  COMPLETE: 'complete',
  WORKING: 'replaying',
  LOADING_SNAPSHOT: 'loading snapshot',
  STARTED: 'started',
  WAITING_4_WORKER: 'waiting',
  HASH_MISMATCH: 'hash mismatch',
  ERROR: 'error',
  TIMEOUT: 'timeout',
};

/** Verdicts for people, as short as a column of a table wants them. */
export const VERDICT_NAMES: Record<Verdict, string> = {
  VERIFIED: 'verified',
  MISMATCH: 'mismatch',
  PENDING: 'pending',
  UNVERIFIABLE: 'unverifiable',
};
