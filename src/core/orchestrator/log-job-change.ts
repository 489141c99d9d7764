import { disagreeingAttempts } from '../domain/disagreement.ts';
import type { Job } from '../domain/job.ts';
import { isHeld } from '../domain/transition.ts';
import type { Logger } from '../log/logger.ts';
import type { JobChange } from '../store/job-store.ts';

/** One line for each change of a job; mere progress only at the level debug. */
export function logJobChange(logger: Logger, { job, before }: JobChange): void {
  const fields = fieldsOf(job);
  if (job.status === before.status && job.verdict === before.verdict) {
    logger.debug({ ...fields, block: job.lastBlockProcessed }, 'job updated');
  } else if (job.status === 'ERROR' || job.status === 'TIMEOUT' || job.status === 'HASH_MISMATCH') {
    logger.warn({ ...fields, from: before.status }, 'job failed');
  } else if (job.status === 'WAITING_4_WORKER' && job.retry !== undefined) {
    logPutBack(logger, job, before);
  } else {
    logger.info({ ...fields, from: before.status }, 'job changed');
  }
  logDisagreement(logger, job, before);
}

function fieldsOf(job: Job): Record<string, unknown> {
  return {
    job: job.jobId,
    slice: job.slice.sliceId,
    status: job.status,
    ...(job.workerId === null ? {} : { worker: job.workerId }),
    ...(job.verdict === null ? {} : { verdict: job.verdict }),
    ...(job.errorCause === null ? {} : { cause: job.errorCause }),
    ...(job.errorMessage === null ? {} : { error: job.errorMessage }),
  };
}

/** The job waits for another attempt; who made the last one stands with that. */
function logPutBack(logger: Logger, job: Job, before: Job): void {
  const last = job.attempts.at(-1);
  const delayed = job.retry && job.retry.delayMs > 0 ? { retryAt: job.retry.at } : {};
  const made = { worker: last?.workerId ?? null, attempt: last?.number, from: before.status };
  const fields = { ...fieldsOf(job), ...made, ...delayed };
  if (job.errorCause === 'hash-mismatch') logger.warn(fields, 'a mismatch is run once more to confirm it');
  else if (job.errorCause === 'interrupted') logger.info(fields, 'a job was given back');
  else logger.warn(fields, 'an attempt failed, and another follows');
}

/** Two results for one slice are news, whatever the verdict is. */
function logDisagreement(logger: Logger, job: Job, before: Job): void {
  if (job.attempts === before.attempts || isHeld(job.status)) return;
  const attempts = disagreeingAttempts(job);
  if (attempts.length === 0 || attempts.length === disagreeingAttempts(before).length) return;
  const fields = { job: job.jobId, slice: job.slice.sliceId, attempts };
  logger.error(fields, 'attempts at one slice have arrived at different hashes');
}
