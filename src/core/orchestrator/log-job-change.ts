import type { Logger } from '../log/logger.ts';
import type { JobChange } from '../store/job-store.ts';

/** One line for each change of a job; mere progress only at the level debug. */
export function logJobChange(logger: Logger, { job, before }: JobChange): void {
  const fields = {
    job: job.jobId,
    slice: job.slice.sliceId,
    status: job.status,
    ...(job.workerId === null ? {} : { worker: job.workerId }),
    ...(job.verdict === null ? {} : { verdict: job.verdict }),
    ...(job.errorCause === null ? {} : { cause: job.errorCause }),
    ...(job.errorMessage === null ? {} : { error: job.errorMessage }),
  };
  if (job.status === before.status && job.verdict === before.verdict) {
    logger.debug({ ...fields, block: job.lastBlockProcessed }, 'job updated');
  } else if (job.status === 'ERROR' || job.status === 'TIMEOUT' || job.status === 'HASH_MISMATCH') {
    logger.warn({ ...fields, from: before.status }, 'job failed');
  } else {
    logger.info({ ...fields, from: before.status }, 'job changed');
  }
}
