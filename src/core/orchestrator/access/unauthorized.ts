import { HttpError } from '../http/reply.ts';

/** @param error of RFC 6750; null when nothing was presented */
export function unauthorized(message: string, error: 'invalid_request' | 'invalid_token' | null): HttpError {
  const challenge = `Bearer realm="replay"${error === null ? '' : `, error="${error}"`}`;
  return new HttpError(401, message, {
    code: error === 'invalid_token' ? 'TOKEN_INVALID' : 'TOKEN_MISSING',
    hint: 'Send it as "Authorization: Bearer <token>"; replay itself takes --token-file or REPLAY_TOKEN.',
    headers: { 'WWW-Authenticate': challenge },
  });
}
