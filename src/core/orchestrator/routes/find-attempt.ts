import type { Attempt } from '../../domain/job.ts';
import { HttpError } from '../http/reply.ts';
import { idParameter, type ApiRequest } from '../http/request.ts';

/** The attempt that the request names; the last one when it names none. */
export function findAttempt(request: ApiRequest, attempts: readonly Attempt[]): Attempt {
  const number = request.query.has('attempt') ? idParameter(request, 'attempt') : attempts.length;
  const attempt = attempts.find((candidate) => candidate.number === number);
  if (!attempt) throw new HttpError(404, 'Could not find attempt', { code: 'ATTEMPT_NOT_FOUND' });
  return attempt;
}
