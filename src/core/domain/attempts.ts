import type { Attempt, Job } from './job.ts';

/** A new attempt at the end of the job's list, all earlier ones kept. */
export function openAttempt(
  job: Job,
  facts: Pick<
    Attempt,
    'workerId' | 'instanceId' | 'startTime' | 'nodeosVersion' | 'stageTimes' | 'claimNumber' | 'claimId'
  >,
): readonly Attempt[] {
  const attempt: Attempt = {
    number: job.attempts.length + 1,
    ...facts,
    endTime: null,
    outcome: null,
    cause: null,
    message: null,
    lastBlockProcessed: 0,
    actualHash: null,
  };
  return [...job.attempts, attempt];
}

/** The job's attempts with the last one changed. */
export function changeLastAttempt(job: Job, changes: Partial<Attempt>): readonly Attempt[] {
  const last = job.attempts.at(-1);
  return last === undefined ? job.attempts : [...job.attempts.slice(0, -1), { ...last, ...changes }];
}
