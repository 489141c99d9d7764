import { changeJobs, type Changes } from '../../core/jobs/change-jobs.ts';
import type { Decide, JobOutcome } from '../../core/jobs/outcome.ts';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { parseOrchestrator } from '../../core/protocol/client-address.ts';
import { asUserError } from '../../core/protocol/client-error.ts';
import { OrchestratorClient } from '../../core/protocol/client.ts';
import { viewError } from './present-error.ts';

/** A client for the address as a user writes it. */
export function connect(address: string, token: string | null): OrchestratorClient {
  return new OrchestratorClient({ baseUrl: parseOrchestrator(address), token: token ?? undefined });
}

/**
 * Numbers of jobs as they were typed, each once, in that order.
 * @throws UserError with the exit code for usage
 */
export function parseJobIds(words: readonly string[]): number[] {
  return [...new Set(words.map(parseJobId))];
}

export function parseJobId(word: string): number {
  const jobId = Number(word);
  if (/^\d+$/u.test(word) && Number.isSafeInteger(jobId) && jobId > 0) return jobId;
  throw new UserError({
    code: 'USAGE',
    message: `${JSON.stringify(word)} is not the number of a job.`,
    hint: 'Expected a number from 1, as `replay status` shows it.',
    exitCode: ExitCode.usage,
  });
}

/** What the command prints and how it ends. */
export interface ShownChanges {
  text: string;
  json: object;
  /** For stderr, under the text. */
  error: string | null;
  exitCode: ExitCode;
}

/** Changes the jobs, and says of each what became of it, also when the orchestrator fails half-way. */
export async function showChanges(
  client: OrchestratorClient,
  jobIds: readonly number[],
  decide: Decide,
): Promise<ShownChanges> {
  const changes = await changeJobs(client, jobIds, decide);
  const error = changes.error === null ? null : viewError(asUserError(changes.error, client.baseUrl));
  const jobs = changes.outcomes.map(jsonOf);
  const shownError = error && { code: error.code, message: error.message, hint: error.hint };
  return {
    text: changes.outcomes.map(({ jobId, message }) => `Job ${jobId}: ${message}.\n`).join(''),
    json: shownError === null ? { jobs } : { jobs, error: shownError },
    error: error && `Error: ${error.message}\n${error.hint}\n(${error.code})\n`,
    exitCode: exitCodeOf(changes),
  };
}

function exitCodeOf({ outcomes, error }: Changes): ExitCode {
  if (error !== null) return ExitCode.unreachable;
  return outcomes.every(({ done }) => done) ? ExitCode.ok : ExitCode.failed;
}

function jsonOf({ jobId, done, outcome, statusBefore, message }: JobOutcome): object {
  return { job_id: jobId, done, outcome, status_before: statusBefore, message };
}
