import { describeNetworkError, type Fetch } from '../protocol/client-http.ts';
import { harmless } from './harmless.ts';
import { bodyOf, type Message } from './message.ts';
import { withoutTarget, type Target } from './target.ts';

/** What became of one request. */
export interface Sent {
  /**
   * - delivered: the target said 2xx.
   * - refused: it says that this request will not do, now or later.
   * - failed: another time may do.
   */
  readonly result: 'delivered' | 'refused' | 'failed';
  /** For a person, without anything secret. */
  readonly what: string;
  /** How long the target asks to be left alone. Milliseconds; null: it does not say. */
  readonly retryAfterMs: number | null;
}

export interface SendOptions {
  readonly fetch: Fetch;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
  /** For the whole exchange. Milliseconds. */
  readonly timeoutMs?: number;
  /** `replay/1.2.3` */
  readonly userAgent: string;
}

const TIMEOUT_MS = 10_000;
/** As much of an answer as is looked at. Bytes. */
const MAX_ANSWER = 500;
/** Request time-out, too early, too many requests: all else below 500 will be the same the next time. */
const WORTH_TRYING_AGAIN = new Set([408, 425, 429]);

/** Sends a message once. Never throws. */
export async function send(target: Target, message: Message, options: SendOptions): Promise<Sent> {
  const { fetch, now, signal, timeoutMs = TIMEOUT_MS, userAgent } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': userAgent,
        // https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/: a quoted string.
        'Idempotency-Key': `"${message.id}"`,
        ...(target.authorization === null ? {} : { Authorization: target.authorization }),
      },
      body: bodyOf(message, target.form),
      // What is told goes where somebody asked for it, and nowhere else.
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const said = await beginningOf(response);
    const { status } = response;
    const answer = harmless(withoutTarget(said, target), 200);
    return {
      result: resultOf(status),
      what: answer === '' ? `HTTP ${status}` : `HTTP ${status}: ${answer}`,
      retryAfterMs: retryAfter(response.headers.get('retry-after'), now()),
    };
  } catch (error) {
    const reason = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : describeNetworkError(error);
    return { result: 'failed', what: harmless(withoutTarget(reason, target), 200), retryAfterMs: null };
  }
}

function resultOf(status: number): Sent['result'] {
  if (status >= 200 && status < 300) return 'delivered';
  return status >= 500 || WORTH_TRYING_AGAIN.has(status) ? 'failed' : 'refused';
}

/** The status counts, also when the text after it breaks off. */
async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (text.length < MAX_ANSWER) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return text;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return text.slice(0, MAX_ANSWER);
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
export function retryAfter(text: string | null, now: Date): number | null {
  if (text === null) return null;
  if (/^\s*\d{1,9}\s*$/u.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}
