import { OrchestratorError } from './client-error.ts';
import type { OrchestratorErrorKind } from './client-error.ts';
import type { HttpAnswer } from './client-http.ts';

/** What an answer that is not a success means, with the reason it gave. */
export function errorOfAnswer(answer: HttpAnswer): OrchestratorError {
  const kind = kindOfAnswer(answer);
  return new OrchestratorError(kind, describe(kind, answer), {
    status: answer.status,
    retryAfterMs: retryAfterMs(answer.headers.get('retry-after')),
  });
}

/** How the orchestrator begins the answer to a host that gets no jobs for now. */
const SET_ASIDE = 'This host is set aside';

function kindOfAnswer({ status, body }: HttpAnswer): OrchestratorErrorKind {
  if (status === 412 || (status === 400 && body.trim() === 'Invalid ETag')) return 'stale';
  if (status === 403 && reasonOf(body).startsWith(SET_ASIDE)) return 'set-aside';
  if (status === 401 || status === 403) return 'refused';
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  if (status === 429 || status >= 500) return 'unavailable';
  if (status >= 400) return 'invalid';
  return 'bad-answer';
}

function describe(kind: OrchestratorErrorKind, answer: HttpAnswer): string {
  const location = answer.headers.get('location');
  if (kind === 'bad-answer' && location !== null) {
    return `it redirects to ${location.slice(0, 200)} (${answer.status}), and redirects are not followed`;
  }
  const reason = reasonOf(answer.body);
  return reason === '' ? `it answered ${answer.status}` : `it answered ${answer.status}: ${reason}`;
}

/** The message of a JSON error, or the first line of a text, short enough for a log line. */
function reasonOf(body: string): string {
  const line = (messageOfJson(body) ?? body).trim().split(/\r?\n/, 1)[0] ?? '';
  return line.startsWith('<') ? '' : line.slice(0, 300);
}

function messageOfJson(body: string): string | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    const parsed = JSON.parse(body) as { error?: { message?: unknown } };
    const message = parsed.error?.message;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

function retryAfterMs(header: string | null): number | null {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, 300_000) : null;
}
