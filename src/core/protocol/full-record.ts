import type { Cause } from '../domain/cause.ts';
import type { JobStatus, Stage, StageTimes, Verdict } from '../domain/job.ts';

/** Media type of the full record on /job and /status. */
export const FULL_RECORD_TYPE = 'application/vnd.replay.job+json';

/** Header by which `replay work` names itself. */
export const WORKER_HEADER = 'X-Replay-Worker';

/** The job record that the older clients know (PROTOCOL section 3), in its fixed key order. */
export interface JobRecord {
  job_id: number;
  replay_slice_id: number;
  snapshot_path: string;
  storage_type: string;
  /** Exactly one of the two version keys is present, in this place. */
  leap_version?: string;
  spring_version?: string;
  start_block_num: number;
  end_block_num: number;
  status: JobStatus;
  last_block_processed: number;
  /** UTC, `YYYY-MM-DDTHH:MM:SS`. */
  start_time: string;
  end_time: string | null;
  expected_integrity_hash: string | null;
  actual_integrity_hash: string | null;
}

/** What a worker reported of an attempt that had been taken from it. It changed nothing. */
export interface LateResultRecord {
  at: string;
  status: 'COMPLETE' | 'ERROR';
  actual_integrity_hash: string | null;
  error_cause: Cause | null;
  error_message: string | null;
}

export interface AttemptRecord {
  number: number;
  worker_id: string | null;
  instance_id: string | null;
  start_time: string;
  end_time: string | null;
  outcome: 'COMPLETE' | 'ERROR' | 'TIMEOUT' | 'RETURNED' | null;
  error_cause: Cause | null;
  error_message: string | null;
  last_block_processed: number;
  actual_integrity_hash: string | null;
  nodeos_version: string | null;
  /** Milliseconds in each stage that was reached. */
  stage_times: StageTimes;
  /** Oldest first; only the first few are kept. */
  late_results: LateResultRecord[];
}

/** The record plus everything that is newer (PROTOCOL section 4). */
export interface FullJobRecord extends JobRecord {
  verdict: Verdict | null;
  /** The current or last attempt, from 1; 0 before the first claim. */
  attempt: number;
  /** The job never gets more attempts than this unless a person asks for another run; null: not known. */
  max_attempts: number | null;
  worker_id: string | null;
  instance_id: string | null;
  /** When the job is taken from its holder unless that is heard from; null: nobody holds it. UTC. */
  lease_expires_at: string | null;
  /** The term of every lease. A holder sends something at least every quarter of it. */
  lease_seconds: number;
  /** Before this time a job that failed is not offered again; null: nothing is waited for. UTC. */
  retry_at: string | null;
  /** Workers that failed the job in a way that another host may not. Others are offered it first. */
  avoided_workers: string[];
  stage: Stage | null;
  error_message: string | null;
  error_cause: Cause | null;
  blocks_per_second: number | null;
  /** When the job should end at its present rate; UTC, `YYYY-MM-DDTHH:MM:SS`. */
  eta: string | null;
  /** Of the current or last attempt. */
  stage_times: StageTimes;
  /** What `nodeos --version` said where the current or last attempt ran. */
  nodeos_version: string | null;
  /** What the manifest knew before the run (K). */
  known_integrity_hash: string | null;
  /** What the manifest asks for beyond the older record; a worker needs them to do the job. */
  manifest_nodeos_version: string | null;
  nodeos_options: readonly string[];
  blocks_path: string | null;
  genesis_path: string | null;
  snapshot_sha256: string | null;
  attempts: AttemptRecord[];
}

/** What a worker may send in POST /job, besides whatever else of the record it repeats. */
export interface JobUpdate {
  status: JobStatus;
  last_block_processed?: number;
  start_time?: string;
  /** With STARTED: the same when a claim is sent again, and different for every other claim. */
  claim_id?: string;
  end_time?: string;
  actual_integrity_hash?: string;
  error_message?: string;
  error_cause?: Cause;
  instance_id?: string;
  stage?: Stage;
  blocks_per_second?: number;
  nodeos_version?: string;
  stage_times?: StageTimes;
}
