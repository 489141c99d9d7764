import type { Attempt, Job } from '../../domain/job.ts';
import { isHeld } from '../../domain/transition.ts';
import type { Context } from '../context.ts';
import { HttpError } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { findJob } from './get-job.ts';
import { findAttempt } from './find-attempt.ts';

/**
 * The attempt that a worker tells something of, which has to be its own.
 * @throws HttpError 404 when there is no such attempt, 403 when another worker made it
 */
export function ownAttempt(request: ApiRequest, context: Context): { job: Job; attempt: Attempt } {
  const { job } = findJob(request, context);
  const attempt = findAttempt(request, job.attempts);
  if (attempt.workerId === request.workerId) return { job, attempt };
  throw new HttpError(403, `Attempt ${attempt.number} of job ${job.jobId} was made by another worker`, {
    code: 'NOT_YOUR_ATTEMPT',
    hint: 'Send the header X-Replay-Worker with the id that claimed the job.',
  });
}

/** Whoever tells something of the job that it holds is alive. */
export function renewOwnLease(request: ApiRequest, context: Context): void {
  const { job, holder } = findJob(request, context);
  if (isHeld(job.status) && holder === request.callerKey) context.leases.renew(job.jobId);
}
