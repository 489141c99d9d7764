import { formatUtc } from '../../domain/time.ts';
import { setClock } from './clock.ts';
import { readJson } from './read-json.ts';

/** An answer of the orchestrator that is not what was asked for. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly hint: string | null;

  constructor(status: number, message: string, code: string | null = null, hint: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

export interface ApiRequest {
  method?: 'GET' | 'POST';
  /** Default: JSON. */
  accept?: string;
  headers?: Record<string, string>;
  /** Sent as JSON; a string as it is. */
  body?: unknown;
  signal?: AbortSignal;
}

/** How long an answer may take. Milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Asks the orchestrator. Whoever is not signed in any more is sent to do so, and comes back.
 *
 * @throws ApiError for every answer but a good one; TypeError or DOMException when there is none
 */
export async function send(path: string, request: ApiRequest = {}): Promise<Response> {
  const { method = 'GET', accept = 'application/json', headers, body, signal } = request;
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(path, {
    method,
    headers: { Accept: accept, ...headers },
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  setClock(utcOf(response.headers.get('date')));
  if (response.ok) return response;
  if (response.status === 401) signInAgain();
  throw await errorOf(response);
}

/** The time in a header, as it is written on the wire; '' when it is none. */
function utcOf(date: string | null): string {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? '' : formatUtc(new Date(time));
}

/** Reads JSON. */
export async function getJson<T>(path: string, request: ApiRequest = {}): Promise<T> {
  return readJson(await (await send(path, request)).text()) as T;
}

export function signInAgain(): void {
  const { pathname, search } = location;
  location.assign(`/signin?next=${encodeURIComponent(pathname + search)}`);
}

async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  try {
    const { error } = readJson(text) as { error: { code: string; message: string; hint: string | null } };
    return new ApiError(response.status, error.message, error.code, error.hint);
  } catch {
    return new ApiError(response.status, text || `The orchestrator answered ${response.status}`);
  }
}
