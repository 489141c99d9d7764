import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attempt } from '../../domain/job.ts';
import { isHeld } from '../../domain/transition.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import type { Context } from '../context.ts';
import { HttpError, JSON_TYPE, textReply, type Reply } from '../http/reply.ts';
import { idParameter, type ApiRequest } from '../http/request.ts';
import { findJob } from './get-job.ts';

/** Bytes of one attempt's log. */
const LOG_LIMIT = 256 * 1024;

/** POST /job/log?jobid=N[&attempt=K]: the last log lines of an attempt, from the worker that made it. */
export async function postJobLog(request: ApiRequest, context: Context): Promise<Reply> {
  const text = await request.body(LOG_LIMIT);
  const { job, holder } = findJob(request, context);
  const attempt = findAttempt(request, job.attempts);
  if (attempt.workerId !== request.workerId) {
    throw new HttpError(403, `Attempt ${attempt.number} of job ${job.jobId} was made by another worker`, {
      code: 'NOT_YOUR_ATTEMPT',
      hint: 'Send the header X-Replay-Worker with the id that claimed the job.',
    });
  }
  if (isHeld(job.status) && holder === request.callerKey) context.leases.renew(job.jobId);
  await writeFileAtomically(logPath(context, job.jobId, attempt.number), text);
  return { status: 200, type: JSON_TYPE, body: pythonJson({ status: 'stored' }) };
}

/** GET /job/log?jobid=N[&attempt=K]; without an attempt: the last one. */
export async function getJobLog(request: ApiRequest, context: Context): Promise<Reply> {
  const { job } = findJob(request, context);
  const attempt = findAttempt(request, job.attempts);
  const text = await readFile(logPath(context, job.jobId, attempt.number), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
  if (text === null) {
    throw new HttpError(404, `Attempt ${attempt.number} of job ${job.jobId} has no log`, {
      code: 'LOG_NOT_FOUND',
      hint: 'Workers send the last lines of an attempt when it fails.',
    });
  }
  return textReply(200, text);
}

function findAttempt(request: ApiRequest, attempts: readonly Attempt[]): Attempt {
  const number = request.query.has('attempt') ? idParameter(request, 'attempt') : attempts.length;
  const attempt = attempts.find((candidate) => candidate.number === number);
  if (!attempt) throw new HttpError(404, 'Could not find attempt', { code: 'ATTEMPT_NOT_FOUND' });
  return attempt;
}

function logPath({ store }: Context, jobId: number, attempt: number): string {
  return join(store.run.path, 'logs', `${jobId}-${attempt}.log`);
}
