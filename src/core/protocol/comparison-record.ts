import type { JobStatus, Verdict } from '../domain/job.ts';
import type { RunOutcome } from '../domain/outcome.ts';

/**
 * Two runs side by side: `replay runs compare --format json` and GET /runs/compare. Stable: fields are added,
 * never renamed or removed (CONTRIBUTING.md); docs/json-output.md describes them.
 */
export interface ComparisonRecord {
  outcome: 'same' | 'different' | 'unknown';
  a: ComparedRunRecord;
  b: ComparedRunRecord;
  totals: {
    slices: number;
    equal: number;
    hash_differs: number;
    verdict_differs: number;
    unknown: number;
    only_in_a: number;
    only_in_b: number;
  };
  speed: {
    finished_slices: number;
    duration_ms_a: number;
    duration_ms_b: number;
    median_ratio: number | null;
  };
  /** In the order of their blocks. */
  slices: ComparedSliceRecord[];
}

export interface ComparedRunRecord {
  run_id: number;
  outcome: RunOutcome;
  stand_in: boolean;
  requested_versions: string[];
  nodeos_versions: string[];
  total_jobs: number;
  jobs_succeeded: number;
  jobs_failed: number;
  jobs_remaining: number;
  began_at: string | null;
  ended_at: string | null;
  damage: readonly string[];
}

export interface ComparedSliceRecord {
  start_block: number;
  end_block: number;
  difference: 'hash' | 'verdict' | 'unknown' | 'only-a' | 'only-b' | 'none';
  hashes: 'equal' | 'different' | 'unknown';
  verdict_differs: boolean;
  /** How many times as fast as in A it was replayed in B. */
  speed_ratio: number | null;
  a: ComparedSideRecord | null;
  b: ComparedSideRecord | null;
}

export interface ComparedSideRecord {
  job_id: number;
  configuration_slice: number;
  status: JobStatus;
  verdict: Verdict | null;
  requested_version: string | null;
  nodeos_version: string | null;
  worker_id: string | null;
  actual_integrity_hash: string | null;
  duration_ms: number | null;
  replay_ms: number | null;
  blocks_per_second: number | null;
}
