import { changeJobs } from '../../jobs/change-jobs.ts';
import type { Decide } from '../../jobs/outcome.ts';
import { decideRetry } from '../../jobs/retry.ts';
import { formatCount } from '../../format/count.ts';
import { jobClient } from './job-client.ts';

/** Asks for another run of jobs that have failed; says what became of it. */
export function retryFailed(jobIds: readonly number[]): Promise<string> {
  return change(jobIds, decideRetry({ force: false, onlyFailed: true }));
}

/**
 * Changes jobs as `decide` says, each in the version in which it was read.
 * @returns what became of them, for people
 * @throws Error with the same when not all are as they were wanted
 */
export async function change(jobIds: readonly number[], decide: Decide): Promise<string> {
  const { outcomes, error } = await changeJobs(jobClient, jobIds, decide);
  const done = outcomes.filter(({ done }) => done).length;
  const [only] = outcomes;
  if (error === null && done === outcomes.length) {
    return outcomes.length === 1 && only !== undefined
      ? `Job ${only.jobId} ${only.message}.`
      : `${formatCount(done)} jobs are as wanted.`;
  }
  const left = outcomes.filter(({ done }) => !done);
  const lines = left.slice(0, 5).map(({ jobId, message }) => `Job ${jobId} ${message}.`);
  const more = left.length > lines.length ? [`And ${formatCount(left.length - lines.length)} more.`] : [];
  const why = error === null ? [] : [`The orchestrator: ${error.message}.`];
  throw new Error([...why, ...lines, ...more].join('\n'));
}
