import type { JobStatus } from '../domain/job.ts';
import type { ManifestProblem } from '../domain/manifest/problem.ts';
import type { PausedRecord } from './summary-record.ts';

/** POST /run/pause and POST /run/resume: how it is now, whoever saw to that. */
export interface PauseAnswer {
  run_id: number;
  paused: PausedRecord | null;
}

/** A mistake in a manifest, or something in it that is worth a warning. */
export interface ManifestProblemRecord {
  /** Stable, for programs. */
  code: ManifestProblem['code'];
  /** Position of the slice in the manifest, from 1; null when no single one is at fault. */
  slice: number | null;
  /** In the text that was sent, from 1. */
  line: number | null;
  field: string | null;
  message: string;
  /** All of it on one line, as `serve` shows it. */
  text: string;
}

/** POST /manifest/check: what would become of a run with this manifest. */
export interface ManifestCheckRecord {
  valid: boolean;
  /** The first thousand. */
  problems: ManifestProblemRecord[];
  /** All of them. */
  problem_count: number;
  /** Empty while there are problems. */
  warnings: ManifestProblemRecord[];
  warning_count: number;
  /** This and what follows is null while there are problems. */
  total_jobs: number | null;
  total_blocks: number | null;
  /** The first block that a slice starts after, and the last that one ends with. */
  start_block: number | null;
  end_block: number | null;
  /** Which nodeos the slices want, each once. */
  requested_versions: string[];
  /** It differs from the manifest of the current run in no more than hashes that the run has learned. */
  same_as_current: boolean | null;
  /** The current run: a new one takes its place. */
  run_id: number;
  /** Jobs of it that hosts are at work on now. */
  jobs_held: number;
}

/** POST /run: the run that was begun. */
export interface BegunRunRecord {
  run_id: number;
  total_jobs: number;
  total_blocks: number;
  /** Jobs of the run before that hosts were at work on. */
  jobs_taken: number;
}

/** The body of POST /run. */
export interface BeginRunRequest {
  /** Text of a manifest; null: that of the current run, with the hashes it has learned. */
  manifest: string | null;
  /** What relative paths in it are relative to: an absolute path or the URL of a folder. */
  manifest_folder?: string | null;
  /** For every slice, in the place of what the manifest says. */
  nodeos_version?: string | null;
  /** Added to those of every slice. */
  nodeos_options?: string[] | null;
  /** Also when hosts are at work on jobs of the current run. */
  force?: boolean;
  /** The run that the caller takes for the current one. */
  current_run_id: number;
}

/** What became of one job of POST /jobs/retry. */
export interface JobOutcomeRecord {
  job_id: number;
  /** The job is as it was wanted, whoever saw to that. */
  done: boolean;
  /** Stable, for programs: docs/json-output.md. */
  outcome: string;
  /** Before the change; null: there is no such job, or it was not looked at. */
  status_before: JobStatus | null;
  /** One sentence without its subject, which is the job. */
  message: string;
}
