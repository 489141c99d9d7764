import type { Job, Verdict } from '../domain/job.ts';
import type { SummaryRecord } from './summary-record.ts';

/** One run in GET /runs, in its fixed key order. Times are UTC, `YYYY-MM-DDTHH:MM:SS`. */
export interface RunRecord {
  /** From 1. */
  run_id: number;
  /** The run that the orchestrator hands out; of a directory: the last one. */
  is_current: boolean;
  /** The rest is null, or empty, when the run's files cannot be read; `damage` says why. */
  created_at: string | null;
  /** The first claim of all; null before it. */
  began_at: string | null;
  /** The last end of all; null while some job waits or is held. */
  ended_at: string | null;
  /** Some job waits or is held by a host, or did when the orchestrator went on to another run. */
  is_running: boolean | null;
  total_jobs: number | null;
  jobs_succeeded: number | null;
  jobs_failed: number | null;
  jobs_remaining: number | null;
  total_blocks: number | null;
  blocks_processed: number | null;
  verdicts: Record<Verdict, number> | null;
  /** What the manifest asks for, each once, sorted. */
  requested_versions: string[];
  /** What nodeos said of itself. */
  nodeos_versions: string[];
  stand_in: boolean | null;
  /** What was lost of the run's files, a sentence each. */
  damage: string[];
}

/** A run as one line of a list. */
export function toRunRecord(
  summary: SummaryRecord,
  jobs: Iterable<Job>,
  { createdAt, isCurrent }: { createdAt: string; isCurrent: boolean },
): RunRecord {
  const { began, ended, requested } = spanOf(jobs);
  return {
    run_id: summary.run_id,
    is_current: isCurrent,
    created_at: createdAt,
    began_at: began,
    ended_at: summary.is_running ? null : ended,
    is_running: summary.is_running,
    total_jobs: summary.total_jobs,
    jobs_succeeded: summary.jobs_succeeded,
    jobs_failed: summary.jobs_failed,
    jobs_remaining: summary.jobs_remaining,
    total_blocks: summary.total_blocks,
    blocks_processed: summary.blocks_processed,
    verdicts: summary.verdicts,
    requested_versions: [...requested].toSorted(),
    nodeos_versions: summary.nodeos_versions,
    stand_in: summary.stand_in,
    damage: summary.damage ?? [],
  };
}

/** A run of which there is a folder, and nothing that could be told. */
export function damagedRunRecord(runId: number, isCurrent: boolean, damage: string): RunRecord {
  return {
    run_id: runId,
    is_current: isCurrent,
    created_at: null,
    began_at: null,
    ended_at: null,
    is_running: null,
    total_jobs: null,
    jobs_succeeded: null,
    jobs_failed: null,
    jobs_remaining: null,
    total_blocks: null,
    blocks_processed: null,
    verdicts: null,
    requested_versions: [],
    nodeos_versions: [],
    stand_in: null,
    damage: [damage],
  };
}

/** Times in this form sort as text. */
function spanOf(jobs: Iterable<Job>): {
  began: string | null;
  ended: string | null;
  requested: Set<string>;
} {
  let began: string | null = null;
  let ended: string | null = null;
  const requested = new Set<string>();
  for (const { attempts, endTime, slice } of jobs) {
    requested.add(slice.version);
    for (const { startTime } of attempts) if (began === null || startTime < began) began = startTime;
    if (endTime !== null && (ended === null || endTime > ended)) ended = endTime;
  }
  return { began, ended, requested };
}
