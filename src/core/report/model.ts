import { ExitCode } from '../domain/exit-codes.ts';
import type { Verdict } from '../domain/job.ts';
import { outcomeOf, type RunOutcome } from '../domain/outcome.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import type {
  CostRecord,
  HashConflictRecord,
  SummaryRecord,
  SuspectSnapshotRecord,
} from '../protocol/summary-record.ts';
import { findKnown, type KnownException, type KnownFinding } from './known.ts';
import { reportedJob, type ReportedJob } from './reported-job.ts';
import { timingOf, type Timing } from './timing.ts';

/** Everything the final report says, in the order in which it says it; every form is made from it. */
export interface ReportModel {
  runId: number;
  outcome: RunOutcome;
  /** True: hashes come from the stand-in, and the report proves nothing about a real nodeos. */
  standIn: boolean;
  nodeosVersions: string[];
  /** What ran, and how many slices reached their end with it. */
  versions: { nodeosVersion: string; finishedSlices: number }[];
  /** The first claim of all; null before it. UTC, `YYYY-MM-DDTHH:MM:SS`. */
  began: string | null;
  /** The last end of all; null while anybody is at work. */
  ended: string | null;
  blocks: { total: number; processed: number; percent: number };
  jobs: { total: number; succeeded: number; failed: number; remaining: number };
  verdicts: Record<Verdict, number>;
  timing: Timing;
  /** All of them, in the manifest's order. */
  slices: ReportedJob[];
  /** Without those that are known. */
  failures: ReportedJob[];
  /** What the file of known exceptions says of this run, in its order. */
  known: KnownFinding[];
  /** Complete, and nothing to compare with: neither proven nor refuted. */
  unverifiable: ReportedJob[];
  /** Complete, and the hash to compare with is still to come from the next slice. */
  pending: ReportedJob[];
  suspects: SuspectSnapshotRecord[];
  conflicts: HashConflictRecord[];
  /** What its hosts have cost so far; null: no price is known. */
  cost: CostRecord | null;
  /** What was lost of the run's files, a sentence each; empty when the orchestrator itself tells. */
  damage: readonly string[];
}

/** Failures that are expected, and the day on which that is asked: `YYYY-MM-DD` in UTC. */
export interface Known {
  exceptions: readonly KnownException[];
  today: string;
}

/** Builds the report of a run from what the orchestrator says of it. Pure. */
export function buildReport(
  summary: SummaryRecord,
  jobs: readonly FullJobRecord[],
  { exceptions, today }: Known = { exceptions: [], today: '' },
): ReportModel {
  const slices = jobs.map((job) => reportedJob(job, summary.run_id));
  const known = findKnown(exceptions, slices, today);
  const excused = new Set(known.flatMap(({ state, job }) => (state === 'fails' && job ? job.jobId : [])));
  const counts = {
    total: summary.total_jobs,
    succeeded: summary.jobs_succeeded,
    failed: summary.jobs_failed,
    remaining: summary.jobs_remaining,
  };
  return {
    runId: summary.run_id,
    outcome: provenOutcome(outcomeOf(counts, excused.size), summary),
    standIn: summary.stand_in,
    nodeosVersions: summary.nodeos_versions,
    versions: versionsOf(summary.nodeos_versions, slices),
    began: first(jobs.flatMap(({ attempts }) => attempts.map(({ start_time }) => start_time))),
    ended: summary.is_running ? null : last(slices.flatMap(({ endTime }) => endTime ?? [])),
    blocks: {
      total: summary.total_blocks,
      processed: summary.blocks_processed,
      percent: percentOf(summary.blocks_processed, summary.total_blocks),
    },
    jobs: counts,
    verdicts: summary.verdicts,
    timing: timingOf(slices),
    slices,
    failures: slices.filter(
      ({ standing, jobId }) => (standing === 'failed' || standing === 'mismatch') && !excused.has(jobId),
    ),
    known,
    unverifiable: slices.filter(({ standing }) => standing === 'unverifiable'),
    pending: slices.filter(({ standing }) => standing === 'pending'),
    suspects: summary.suspect_snapshots,
    conflicts: summary.hash_conflicts,
    cost: summary.cost,
    damage: summary.damage ?? [],
  };
}

/** The exit code of `replay report` (and of the demo) for an outcome. */
export function exitCodeOf(outcome: RunOutcome): ExitCode {
  switch (outcome) {
    case 'passed':
      return ExitCode.ok;
    case 'failed':
      return ExitCode.failed;
    case 'unfinished':
      return ExitCode.notFinished;
  }
}

/**
 * Rounded down to a tenth: 100 is said only when the last block is done. A run without blocks
 * cannot be (every slice has at least one), and counts as nothing done.
 */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * 1000) / 10;
}

/** What is lost may have been a failure. */
function provenOutcome(outcome: RunOutcome, { damage = [] }: SummaryRecord): RunOutcome {
  return outcome === 'passed' && damage.length > 0 ? 'unfinished' : outcome;
}

function versionsOf(named: readonly string[], slices: readonly ReportedJob[]): ReportModel['versions'] {
  const finished = slices.filter(({ durationMs }) => durationMs !== null);
  return named.map((nodeosVersion) => ({
    nodeosVersion,
    finishedSlices: finished.filter((slice) => slice.nodeosVersion === nodeosVersion).length,
  }));
}

/** Times in this form sort as text. */
function first(times: readonly string[]): string | null {
  return times.toSorted()[0] ?? null;
}

function last(times: readonly string[]): string | null {
  return times.toSorted().at(-1) ?? null;
}
