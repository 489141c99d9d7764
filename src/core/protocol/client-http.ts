import { OrchestratorError } from './client-error.ts';

/** `fetch` of the runtime, or a stand-in for it in tests. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpRequest {
  method: 'GET' | 'HEAD' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Milliseconds for the whole exchange, the body included. */
  timeoutMs: number;
  /** Bytes of the answer's body that are accepted. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  body: string;
}

/**
 * One exchange. Whatever status comes back is an answer; only when none comes, or too much, it
 * throws an OrchestratorError. An abort by the caller's signal is thrown on as it is.
 */
export async function exchange(fetch: Fetch, request: HttpRequest): Promise<HttpAnswer> {
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      // A redirect would carry the token to another place, and turn a POST into a GET.
      redirect: 'manual',
      signal,
    });
    const body = await readLimited(response, request.maxBytes);
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    if (error instanceof OrchestratorError) throw error;
    if (request.signal?.aborted === true) throw error;
    if (timeout.aborted) {
      throw new OrchestratorError('unreachable', `no answer within ${request.timeoutMs / 1000} s`, {
        cause: error,
      });
    }
    throw new OrchestratorError('unreachable', describeNetworkError(error), { cause: error });
  }
}

/** The body as text. Throws an OrchestratorError when it is longer. */
export async function readLimited(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      throw new OrchestratorError('bad-answer', `its answer is longer than ${maxBytes} bytes`, {
        status: response.status,
      });
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Node hides the reason in `cause` behind `fetch failed`; Bun gives a code of its own. */
export function describeNetworkError(error: unknown): string {
  const code = errorCode(error);
  const known = code === undefined ? undefined : NETWORK_ERRORS[code];
  if (known !== undefined) return known;
  const detail = error instanceof Error ? error.message : String(error);
  return code === undefined ? `no connection (${detail})` : `no connection (${code}: ${detail})`;
}

function errorCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = 'code' in at ? at.code : undefined;
    if (typeof code === 'string') return code;
  }
  return undefined;
}

const NETWORK_ERRORS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ConnectionRefused: 'nothing listens there (connection refused)',
  ENOTFOUND: 'its name is not known (DNS)',
  EAI_AGAIN: 'its name cannot be looked up now (DNS)',
  FailedToOpenSocket: 'no connection can be made (name not known, or no route)',
  ECONNRESET: 'the connection was cut',
  ConnectionClosed: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it cannot be reached (connection timed out)',
  UND_ERR_CONNECT_TIMEOUT: 'it cannot be reached (connection timed out)',
};
