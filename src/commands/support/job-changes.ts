import { changeJobs, type Changes } from '../../core/jobs/change-jobs.ts';
import type { Decide, JobOutcome } from '../../core/jobs/outcome.ts';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { parseOrchestrator } from '../../core/protocol/client-address.ts';
import { asUserError } from '../../core/protocol/client-error.ts';
import { orchestratorClient, type OrchestratorClient } from '../../core/protocol/client.ts';
import { viewError } from './present-error.ts';

/** A client for the address as a user writes it. */
export function connect(address: string, token: string | null): OrchestratorClient {
  return orchestratorClient({ baseUrl: parseOrchestrator(address), token: token ?? undefined });
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

export interface ChangeRequest {
  client: OrchestratorClient;
  jobIds: readonly number[];
  decide: Decide;
  /** The form: JSON for programs. */
  json: boolean;
}

/**
 * Changes the jobs and prints of each what became of it, also when the orchestrator fails half-way.
 * Leaves the exit code in `process.exitCode`.
 */
export async function changeAndShow({ client, jobIds, decide, json }: ChangeRequest): Promise<void> {
  const changes = await changeJobs(client, jobIds, decide);
  process.exitCode = exitCodeOf(changes);
  const error = changes.error && viewError(asUserError(changes.error, client.baseUrl));
  if (json) {
    const { code, message, hint } = error ?? {};
    const shown = { jobs: changes.outcomes.map(jsonOf), ...(error && { error: { code, message, hint } }) };
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return;
  }
  process.stdout.write(changes.outcomes.map(({ jobId, message }) => `Job ${jobId}: ${message}.\n`).join(''));
  if (error) process.stderr.write(`Error: ${error.message}\n${error.hint}\n(${error.code})\n`);
}

function exitCodeOf({ outcomes, error }: Changes): ExitCode {
  if (error !== null) return ExitCode.unreachable;
  return outcomes.every(({ done }) => done) ? ExitCode.ok : ExitCode.failed;
}

function jsonOf({ jobId, done, outcome, statusBefore, message }: JobOutcome): object {
  return { job_id: jobId, done, outcome, status_before: statusBefore, message };
}
