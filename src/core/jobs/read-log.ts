import { UserError } from '../domain/user-error.ts';
import { linesOf } from '../protocol/log-text.ts';
import type { AttemptRecord, FullJobRecord } from '../protocol/full-record.ts';

/** The last log lines of an attempt, as its host sent them. */
export interface AttemptLog {
  jobId: number;
  attempt: AttemptRecord;
  lines: string[];
}

/** Whoever knows jobs and their logs: an orchestrator, or a data directory. */
export interface LogReader {
  /** null: there is no such job. */
  getJob(jobId: number): Promise<{ job: FullJobRecord } | null>;
  /** null: there is no such log. */
  jobLog(attempt: { jobId: number; attempt: number }): Promise<string | null>;
}

/**
 * Reads the log of an attempt, of the last one unless another is named.
 * @throws UserError with exit code 1 that says why there is none, OrchestratorError
 */
export async function readLog(client: LogReader, jobId: number, number: number | null): Promise<AttemptLog> {
  const read = await client.getJob(jobId);
  if (read === null) throw noSuchJob(jobId);
  const attempt = findAttempt(read.job, number);
  const text = await client.jobLog({ jobId, attempt: attempt.number });
  if (text === null) throw noLog(jobId, attempt);
  return { jobId, attempt, lines: linesOf(text) };
}

export function noSuchJob(jobId: number): UserError {
  return nothing(
    'JOB_NOT_FOUND',
    `There is no job ${jobId} in this run.`,
    'Each run has numbers of its own. `replay jobs logs` and `jobs evidence` read past runs with --run N or --from DIR.',
  );
}

/** @throws UserError when the job has no such attempt; null means the last one */
export function findAttempt(
  { job_id: jobId, attempts }: FullJobRecord,
  number: number | null,
): AttemptRecord {
  const last = attempts.at(-1);
  if (last === undefined) throw nothing('ATTEMPT_NOT_FOUND', `Job ${jobId} has had no attempt yet.`);
  const found = number === null ? last : attempts.find((attempt) => attempt.number === number);
  if (found !== undefined) return found;
  throw nothing('ATTEMPT_NOT_FOUND', `Job ${jobId} has no attempt ${number}; its last is ${last.number}.`);
}

function noLog(jobId: number, { number, outcome, worker_id: worker }: AttemptRecord): UserError {
  const host = worker ?? 'its host';
  const ended = outcome === null ? 'is not over' : `ended in ${outcome}`;
  return nothing(
    'LOG_NOT_FOUND',
    `There is no log of attempt ${number} of job ${jobId}, which ${ended}.`,
    `Hosts send what nodeos prints while it runs. Any other log is on ${host}, in the folder logs of its data directory.`,
  );
}

function nothing(code: string, message: string, hint?: string): UserError {
  return new UserError({ code, message, ...(hint === undefined ? {} : { hint }) });
}
