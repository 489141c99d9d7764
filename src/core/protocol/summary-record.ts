import type { Cause } from '../domain/cause.ts';
import type { JobStatus, Verdict } from '../domain/job.ts';

/** One failed job in GET /summary, in its fixed key order. */
export interface FailedJobRecord {
  status: JobStatus;
  jobid: number;
  configid: number;
}

/** S and K, or the attempts at one job, disagree at one block, whatever the verdict. */
export interface HashConflictRecord {
  block: number;
  /** The slice that ends at the block. */
  configid: number;
  version: string;
  actual: string | null;
  /** What loading the snapshot gave (S). */
  snapshot: string | null;
  /** What the manifest knew before the run (K). */
  known: string | null;
  /** Empty unless attempts at this one job arrived at different hashes: then all of those attempts. */
  attempts: AttemptHashRecord[];
  /** Other hashes that loading the snapshot gave before. */
  older_snapshots: string[];
}

/** What one attempt at a job arrived at. */
export interface AttemptHashRecord {
  attempt: number;
  worker_id: string | null;
  hash: string;
  /** It came when the job had been taken from that worker already. */
  late: boolean;
}

/** A host that gets no more jobs until it passes a self-check or a person clears it. */
export interface SetAsideHostRecord {
  worker_id: string;
  /** End of the attempt that was one too many. UTC, `YYYY-MM-DDTHH:MM:SS`. */
  since: string;
  /** Its last attempts, oldest first. */
  failures: { job_id: number; attempt: number; error_cause: Cause; error_message: string | null }[];
}

/** A snapshot that at least one neighbour contradicts (PROTOCOL section 2). */
export interface SuspectSnapshotRecord {
  block: number;
  snapshot_path: string;
  /** The slice that ends at the block, and the one that starts there. */
  ending_configid: number;
  starting_configid: number;
  reason: string;
}

/** GET /summary: the older service's fields in their fixed order, then ours. */
export interface SummaryRecord {
  total_blocks: number;
  blocks_processed: number;
  total_jobs: number;
  /** COMPLETE with the verdict VERIFIED or UNVERIFIABLE. PENDING counts as remaining. */
  jobs_succeeded: number;
  /** ERROR, TIMEOUT, HASH_MISMATCH. */
  jobs_failed: number;
  failed_jobs: FailedJobRecord[];
  jobs_remaining: number;
  /** Some job waits or is held by a host. A verdict that is PENDING alone keeps nobody at work. */
  is_running: boolean;
  /** Hosts that hold a job now. */
  host_count: number;
  statuses: Record<JobStatus, number>;
  verdicts: Record<Verdict, number>;
  /** Sum over the jobs that are being replayed now; null when none reports a rate. */
  blocks_per_second: number | null;
  /** When the jobs should be done: UTC, `YYYY-MM-DDTHH:MM:SS`; null when it cannot be told. */
  eta: string | null;
  run_id: number;
  /** Some result comes from the stand-in and not from a real nodeos. */
  stand_in: boolean;
  nodeos_versions: string[];
  hash_conflicts: HashConflictRecord[];
  suspect_snapshots: SuspectSnapshotRecord[];
  hosts_set_aside: SetAsideHostRecord[];
  /** Hosts that were heard from within the last two minutes. */
  hosts_seen: number;
  /** Those of them that hold no job. */
  hosts_idle: number;
  /** null: no host has said its price. */
  cost: CostRecord | null;
  /**
   * Of the run so far: blocks that attempts have replayed, by the seconds in which at least one of them ran.
   * Attempts that ended with the loss of their host are left out. null before the first block.
   */
  blocks_per_second_average: number | null;
  /** null while nobody is at work, or too little is known. */
  time_left: TimeLeftRecord | null;
  /** Since when no job is handed out; null: they are, or the run is a past one. */
  paused: PausedRecord | null;
  /**
   * Of a run that was read from its files: what of them was lost, a sentence each. Then nobody can say that
   * all is well. Absent when nothing was.
   */
  damage?: string[];
}

/** A person has stopped the handing out of jobs; those that are held go on. */
export interface PausedRecord {
  /** UTC, `YYYY-MM-DDTHH:MM:SS`. */
  since: string;
  /** Name or id of the token with which it was asked for; null: nobody is asked for one. */
  by: string | null;
  reason: string | null;
}

/** What the hosts of the run have cost so far. US dollars. */
export interface CostRecord {
  usd: number;
  /** Of the hosts that are there now. */
  usd_per_hour: number;
  hosts_priced: number;
  /** Hosts whose price is not known; the sum is without them. */
  hosts_unpriced: number;
}

/** Seconds until no job waits or is held any more. Four runs of five should end between low and high. */
export interface TimeLeftRecord {
  low_seconds: number;
  likely_seconds: number;
  high_seconds: number;
}
