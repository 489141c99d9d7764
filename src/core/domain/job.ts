/**
 * Glossary.
 * - manifest: the list of slices of one chain that a run works through.
 * - slice: a block range with the snapshot at its start.
 * - job: one slice of one run, with all that happened to it.
 * - attempt: one try of one worker at one job.
 * - stage: what an attempt is doing now (install, fetch, load, replay, hash).
 * - snapshot: a file with the whole chain state at one block.
 * - integrity hash: nodeos's digest of the whole chain state at one block.
 * - verdict: what the hashes that are known say of a finished job. Beside the status, never in its place.
 */
import type { Cause } from './cause.ts';
import type { Slice } from './slice.ts';

export const JOB_STATUSES = [
  'WAITING_4_WORKER',
  'STARTED',
  'LOADING_SNAPSHOT',
  'WORKING',
  'COMPLETE',
  'ERROR',
  'TIMEOUT',
  'HASH_MISMATCH',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const VERDICTS = ['PENDING', 'VERIFIED', 'MISMATCH', 'UNVERIFIABLE'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const STAGES = ['install', 'fetch', 'load', 'replay', 'hash'] as const;
export type Stage = (typeof STAGES)[number];

/** Milliseconds spent in each stage; a stage that was not reached is absent. */
export type StageTimes = Partial<Record<Stage, number>>;

/** What a worker reported of an attempt that had been taken from it: evidence, and nothing more. */
export interface LateResult {
  /** When it came. UTC, `YYYY-MM-DDTHH:MM:SS`. */
  readonly at: string;
  readonly status: 'COMPLETE' | 'ERROR';
  readonly hash: string | null;
  readonly cause: Cause | null;
  readonly message: string | null;
}

/** One try at a job, current or past. Times are UTC, `YYYY-MM-DDTHH:MM:SS`. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** Counts the claims of the whole run, from 1: tells which of two attempts at different jobs came later. */
  readonly claimNumber?: number;
  /** What the worker's claim called itself: tells two workers of one name apart. Older clients give none. */
  readonly claimId?: string;
  readonly workerId: string | null;
  readonly instanceId: string | null;
  readonly startTime: string;
  readonly endTime: string | null;
  /** How it ended: the status it reported, or null while it runs. */
  readonly outcome: 'COMPLETE' | 'ERROR' | 'TIMEOUT' | 'RETURNED' | null;
  readonly cause: Cause | null;
  readonly message: string | null;
  readonly lastBlockProcessed: number;
  /** The hash this attempt arrived at; kept when the job is run again. */
  readonly actualHash: string | null;
  /** What `nodeos --version` said on that host, e.g. `v1.2.2`; null when not reported. */
  readonly nodeosVersion: string | null;
  readonly stageTimes: StageTimes;
  /** Oldest first; absent when there is none. */
  readonly lateResults?: readonly LateResult[];
}

/** A job that failed and waits for its next attempt. */
export interface Retry {
  /** Milliseconds from the failure; 0: at once. Counted on a monotonic clock, from the start after a restart. */
  readonly delayMs: number;
  /** When that is over, to be shown. UTC, `YYYY-MM-DDTHH:MM:SS`. */
  readonly at: string;
}

export interface Job {
  /** Unique within the orchestrator, over all its runs. */
  readonly jobId: number;
  readonly slice: Slice;
  readonly status: JobStatus;
  /** Counts the changes of this job; the ETag is made from it. */
  readonly revision: number;
  /** Number of the last block replayed; 0 before any. */
  readonly lastBlockProcessed: number;
  /** Creation until it is claimed, then the claim. UTC, `YYYY-MM-DDTHH:MM:SS`. */
  readonly startTime: string;
  readonly endTime: string | null;
  /** The newest hash that is expected at the end block; `''` and null as in the manifest when nothing is known. */
  readonly expectedHash: string | null;
  /** What the finished attempt arrived at (A). */
  readonly actualHash: string | null;
  readonly verdict: Verdict | null;
  readonly workerId: string | null;
  readonly instanceId: string | null;
  readonly stage: Stage | null;
  readonly errorCause: Cause | null;
  readonly errorMessage: string | null;
  readonly blocksPerSecond: number | null;
  /** What `nodeos --version` said where the current or last attempt ran. */
  readonly nodeosVersion: string | null;
  /** All tries, oldest first; the last one is the current one while the job is held. */
  readonly attempts: readonly Attempt[];
  /**
   * How many of the attempts came before a person last asked for another run: they count against no
   * budget any more. Absent: none.
   */
  readonly formerAttempts?: number;
  /** Only while the job waits after an attempt that failed. */
  readonly retry?: Retry;
}
