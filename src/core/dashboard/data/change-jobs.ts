import { changeJobs } from '../../jobs/change-jobs.ts';
import type { Decide, JobOutcome } from '../../jobs/outcome.ts';
import { formatCount } from '../../format/count.ts';
import type { JobOutcomeRecord } from '../../protocol/control-record.ts';
import { getJson } from './api.ts';
import { jobClient } from './job-client.ts';

/** Asks for another run of all jobs that have failed, in one request; says what became of it. */
export async function retryFailed(): Promise<string> {
  const body = { failed: true };
  const { jobs } = await getJson<{ jobs: JobOutcomeRecord[] }>('/jobs/retry', { method: 'POST', body });
  return told(
    jobs.map(({ job_id: jobId, done, message }) => ({ jobId, done, message })),
    null,
  );
}

/**
 * Changes jobs as `decide` says, each in the version in which it was read.
 * @returns what became of them, for people
 * @throws Error with the same when not all are as they were wanted
 */
export async function change(jobIds: readonly number[], decide: Decide): Promise<string> {
  const { outcomes, error } = await changeJobs(jobClient, jobIds, decide);
  return told(outcomes, error);
}

function told(
  outcomes: readonly Pick<JobOutcome, 'jobId' | 'done' | 'message'>[],
  error: Error | null,
): string {
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
