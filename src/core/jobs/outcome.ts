import type { JobStatus } from '../domain/job.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';

/**
 * What became of one job that a person wanted changed. Part of the contract of --json.
 * - queued: it waits for a host now, because of us.
 * - waiting: it waited already.
 * - running: somebody else asked for the run meanwhile, and a host has begun it.
 * - held: a host is at work on it, and it was left to that host.
 * - cancelled: its attempt is over, because of us.
 * - ended: it is at its end, and was left as it is.
 * - not-found: the run has no such job.
 * - changing: it changed each time before our request came.
 * - failed: the request was refused, or its answer did not come.
 * - not-asked: an earlier request failed, so this one was not made.
 */
export type OutcomeName =
  | 'queued'
  | 'waiting'
  | 'running'
  | 'held'
  | 'cancelled'
  | 'ended'
  | 'not-found'
  | 'changing'
  | 'failed'
  | 'not-asked';

export interface JobOutcome {
  jobId: number;
  /** The job is as it was wanted, whoever saw to that. */
  done: boolean;
  outcome: OutcomeName;
  /** As it was read last, before any change of ours; null: it was not read. */
  statusBefore: JobStatus | null;
  /** For people; one sentence without its subject, which is the job. */
  message: string;
}

/** What to do about a job as it was read: to ask for a change, or to leave it. */
export type Step =
  | {
      readonly kind: 'ask';
      readonly update: { status: 'WAITING_4_WORKER' | 'ERROR'; error_message?: string };
      readonly outcome: JobOutcome;
    }
  | { readonly kind: 'leave'; readonly outcome: JobOutcome };

/** Decides about a job as it is now, and as it was when it was read first. Pure. */
export type Decide = (job: FullJobRecord, first: FullJobRecord) => Step;

export function outcomeOf(
  job: FullJobRecord,
  outcome: OutcomeName,
  done: boolean,
  message: string,
): JobOutcome {
  return { jobId: job.job_id, done, outcome, statusBefore: job.status, message };
}

export function leave(job: FullJobRecord, outcome: OutcomeName, done: boolean, message: string): Step {
  return { kind: 'leave', outcome: outcomeOf(job, outcome, done, message) };
}

/** The host that holds a job, for a sentence. */
export function holderOf({ worker_id: worker }: FullJobRecord): string {
  return worker ?? 'a host without a name';
}
