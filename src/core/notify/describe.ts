/** Makes the notification of what is told: the facts, its text, its link. */
import type { SetAsideHost } from '../domain/host-health.ts';
import type { Job } from '../domain/job.ts';
import { headlineOf, outcomeOf } from '../domain/outcome.ts';
import type { Summary } from '../domain/summary.ts';
import { redact } from '../log/redact.ts';
import { harmless } from './harmless.ts';
import type { JobTold } from './job-news.ts';
import type { Kind, Notification, ToldHost, ToldJob, ToldSummary } from './notification.ts';
import { jobText } from './wording.ts';

/** Characters of an error message. The whole of it is in the report. */
const MAX_MESSAGE = 500;
const MAX_NAME = 100;
const MAX_TEXT = 1500;

/** What all notifications of a run have in common. */
export interface Source {
  source: string;
  runId: number;
  /** Tells runs of the same number apart that belong to different orchestrators. */
  runKey: string;
  /** Without a slash at its end. */
  publicUrl: string | null;
}

export type Facts = Partial<Pick<Notification, 'job' | 'host' | 'summary'>>;

interface Told {
  id: string;
  kind: Kind;
  text: string;
  /** Below the public URL. */
  page: string;
  standIn: boolean;
}

/** @param at UTC, `YYYY-MM-DDTHH:MM:SS` */
export function notification(
  { source, runId, runKey, publicUrl }: Source,
  { id, kind, text, page, standIn }: Told,
  facts: Facts,
  at: string,
): Notification {
  return {
    id: `run ${runId}.${runKey}/${id}`,
    kind,
    at,
    source,
    run_id: runId,
    stand_in: standIn,
    text: harmless(standIn ? `REHEARSAL with the stand-in: ${text}` : text, MAX_TEXT),
    url: publicUrl === null ? null : publicUrl + page,
    job: facts.job ?? null,
    host: facts.host ?? null,
    summary: facts.summary ?? null,
  };
}

/** @param before what was told before; null: nothing */
export function toldOfJob(
  job: Job,
  { kind, attempt }: JobTold,
  before: JobTold | null,
): { job: ToldJob; text: string; standIn: boolean } {
  const told = toldJob(job, attempt);
  return {
    job: told,
    text: jobText(kind, told, before !== null && before.attempt !== attempt),
    standIn: isStandIn(told.nodeos_version ?? job.nodeosVersion),
  };
}

/** The facts of the attempt that is told about: the job itself may wait for the next one by now. */
function toldJob(job: Job, number: number): ToldJob {
  const { slice } = job;
  const attempt = job.attempts.find((made) => made.number === number);
  const { workerId, instanceId, nodeosVersion, actualHash } = attempt ?? job;
  return {
    job_id: job.jobId,
    replay_slice_id: slice.sliceId,
    start_block_num: slice.startBlock,
    end_block_num: slice.endBlock,
    status: job.status,
    verdict: job.verdict,
    attempt: number,
    worker_id: name(workerId),
    instance_id: name(instanceId),
    nodeos_version: name(nodeosVersion),
    error_cause: job.errorCause,
    error_message: message(job.errorMessage),
    expected_integrity_hash: job.expectedHash || null,
    actual_integrity_hash: actualHash,
  };
}

export function toldHost({ workerId, since, failures }: SetAsideHost): ToldHost {
  return {
    worker_id: harmless(workerId, MAX_NAME),
    since,
    failures: failures.map((failure) => ({
      job_id: failure.jobId,
      attempt: failure.attempt,
      error_cause: failure.cause,
      error_message: message(failure.message),
    })),
  };
}

export function toldSummary(runId: number, summary: Summary): ToldSummary {
  const jobs = {
    total: summary.totalJobs,
    succeeded: summary.jobsSucceeded,
    failed: summary.jobsFailed,
    remaining: summary.jobsRemaining,
  };
  const outcome = outcomeOf(jobs);
  return {
    outcome,
    headline: headlineOf({ runId, outcome, jobs, unverifiable: summary.verdicts.UNVERIFIABLE }),
    total_jobs: jobs.total,
    jobs_succeeded: jobs.succeeded,
    jobs_failed: jobs.failed,
    jobs_remaining: jobs.remaining,
    total_blocks: summary.totalBlocks,
    blocks_processed: summary.blocksProcessed,
    verdicts: { ...summary.verdicts },
    nodeos_versions: summary.nodeosVersions.slice(0, 20).map((version) => harmless(version, MAX_NAME)),
  };
}

/** As the summary of a run finds out. */
function isStandIn(version: string | null): boolean {
  return version !== null && /stand-?in/i.test(version);
}

function name(text: string | null): string | null {
  return text === null ? null : harmless(text, MAX_NAME);
}

/** What a worker says of a failure may hold what nodeos or a server printed. */
function message(text: string | null): string | null {
  return text === null ? null : harmless(redact(text) as string, MAX_MESSAGE);
}
