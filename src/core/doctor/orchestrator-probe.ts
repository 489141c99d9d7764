import { errorOfAnswer } from '../protocol/client-answer.ts';
import { exchange } from '../protocol/client-http.ts';
import type { Fetch, HttpAnswer } from '../protocol/client-http.ts';
import { OrchestratorError } from '../protocol/client-error.ts';
import { FULL_RECORD_TYPE } from '../protocol/full-record.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';

export interface ProbeOptions {
  baseUrl: string;
  token: string | null;
  timeoutMs: number;
  fetch?: Fetch;
}

/** Questions that only the doctor asks. None of them changes anything, or takes a job from anybody. */
export class OrchestratorProbe {
  readonly #options: ProbeOptions;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /**
   * Whether the caller has the right `work`. A POST to /job without a number changes nothing, and is refused
   * before anything else to who may not work. (To be offered a job would keep it from others.)
   */
  async mayWork(signal: AbortSignal): Promise<boolean> {
    const answer = await this.#ask('POST', '/job', signal);
    if (answer.status === 404 || answer.status === 400) return true;
    if (answer.status === 403) return false;
    throw errorOfAnswer(answer);
  }

  /** The job of the slice at a position of the manifest, from 1; null when there is none. */
  async slice(sliceId: number, signal: AbortSignal): Promise<FullJobRecord | null> {
    const answer = await this.#ask('GET', `/status?sliceid=${sliceId}`, signal);
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw errorOfAnswer(answer);
    try {
      const [job] = JSON.parse(answer.body) as FullJobRecord[];
      return job ?? null;
    } catch (error) {
      throw new OrchestratorError('bad-answer', 'its answer is not JSON', { status: 200, cause: error });
    }
  }

  #ask(method: 'GET' | 'POST', path: string, signal: AbortSignal): Promise<HttpAnswer> {
    const { baseUrl, token, timeoutMs, fetch: given } = this.#options;
    return exchange(given ?? ((url, init) => fetch(url, init)), {
      method,
      url: baseUrl + path,
      headers: {
        Accept: FULL_RECORD_TYPE,
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(method === 'POST' ? { 'Content-Type': 'application/json' } : {}),
      },
      ...(method === 'POST' ? { body: '{}' } : {}),
      timeoutMs,
      maxBytes: 4 * 1024 * 1024,
      signal,
    });
  }
}
