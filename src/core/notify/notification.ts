/**
 * Glossary.
 * - target: a URL that is told; in files and log lines it is its host and a hash of the URL.
 * - subject: what is told about: a job, a host, the run's end, or whether anybody works.
 * - notification: one thing that became of a subject, with an id that follows from the run's state.
 * - message: what is sent in one request; one notification, or several that waited together.
 * - outbox: what was told of each subject, and which notifications wait for which target. On disk.
 */
import type { Cause } from '../domain/cause.ts';
import type { JobStatus, Verdict } from '../domain/job.ts';
import type { RunOutcome } from '../domain/outcome.ts';

/** What became of a job; docs/notifications.md says when each is told. */
export const JOB_KINDS = ['mismatch', 'mismatch-unconfirmed', 'mismatch-withdrawn', 'job-failed'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export const KINDS = [
  ...JOB_KINDS,
  'run-ended',
  'no-host-at-work',
  'hosts-back',
  'host-set-aside',
  'test',
] as const;
export type Kind = (typeof KINDS)[number];

/** The job that is told about, as it was at that moment. */
export interface ToldJob {
  job_id: number;
  replay_slice_id: number;
  start_block_num: number;
  end_block_num: number;
  status: JobStatus;
  verdict: Verdict | null;
  /** The attempt that is told about, from 1. */
  attempt: number;
  worker_id: string | null;
  instance_id: string | null;
  nodeos_version: string | null;
  error_cause: Cause | null;
  error_message: string | null;
  expected_integrity_hash: string | null;
  actual_integrity_hash: string | null;
}

export interface ToldHost {
  worker_id: string;
  /** UTC, `YYYY-MM-DDTHH:MM:SS`. */
  since: string;
  failures: { job_id: number; attempt: number; error_cause: Cause; error_message: string | null }[];
}

/** The run's numbers, as GET /summary has them. */
export interface ToldSummary {
  outcome: RunOutcome;
  headline: string;
  total_jobs: number;
  jobs_succeeded: number;
  jobs_failed: number;
  jobs_remaining: number;
  total_blocks: number;
  blocks_processed: number;
  verdicts: Record<Verdict, number>;
  nodeos_versions: string[];
}

/** One notification as it is kept, and as it is sent in the JSON form. */
export interface Notification {
  /** The same however often it is sent, and of no other notification. Printable ASCII. */
  id: string;
  kind: Kind;
  /** When it was noticed. UTC, `YYYY-MM-DDTHH:MM:SS`. */
  at: string;
  /** Which orchestrator tells: the host of `--public-url`, else the name of its machine. */
  source: string;
  /** 0 with the kind `test`. */
  run_id: number;
  /** It rests on results of the stand-in, and says nothing about a real nodeos. */
  stand_in: boolean;
  /** For a person; its wording may change. */
  text: string;
  /** Page of the orchestrator with more; null without `--public-url`. */
  url: string | null;
  job: ToldJob | null;
  host: ToldHost | null;
  summary: ToldSummary | null;
}
