import { exchange, type Fetch, type HttpAnswer } from './client-http.ts';
import { readEvents, type ReceivedEvent } from './events/read-events.ts';
import { WORKER_HEADER } from './full-record.ts';

export interface ConnectionOptions {
  /** As parseOrchestrator gives it. */
  baseUrl: string;
  /** Sent as X-Replay-Worker. */
  workerId?: string | undefined;
  /** Sent as a bearer token. */
  token?: string | undefined;
  fetch?: Fetch;
  /** Milliseconds for one exchange; default 10 s, and 60 s for what takes its time. */
  timeoutMs?: number;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
}

interface Question {
  method: 'GET' | 'HEAD' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  maxBytes: number;
}

const MiB = 1024 * 1024;

/** Where the orchestrator is and who asks. Each call is one exchange; nothing is sent twice in here. */
export class Connection {
  readonly baseUrl: string;
  readonly #headers: Record<string, string>;
  readonly #fetch: Fetch;
  readonly #timeoutMs: number | undefined;

  constructor(options: ConnectionOptions) {
    this.baseUrl = options.baseUrl;
    this.#fetch = options.fetch ?? ((url, init) => fetch(url, init));
    this.#timeoutMs = options.timeoutMs;
    this.#headers = {
      ...(options.workerId === undefined ? {} : { [WORKER_HEADER]: options.workerId }),
      ...(options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` }),
    };
  }

  get(path: string, accept: string, options: CallOptions, maxBytes = 64 * MiB): Promise<HttpAnswer> {
    return this.#exchange({ method: 'GET', path, headers: { Accept: accept }, maxBytes }, options);
  }

  head(path: string, options: CallOptions): Promise<HttpAnswer> {
    return this.#exchange({ method: 'HEAD', path, headers: { Accept: '*/*' }, maxBytes: MiB }, options);
  }

  /** @param headers in the place of, or besides, `Content-Type: application/json` */
  post(
    path: string,
    body: string,
    options: CallOptions,
    headers: Record<string, string> = {},
  ): Promise<HttpAnswer> {
    const all = { 'Content-Type': 'application/json', ...headers };
    return this.#exchange({ method: 'POST', path, headers: all, body, maxBytes: MiB }, options);
  }

  /** The events of one connection to a stream, until it ends (events/read-events.ts). */
  events(path: string, lastId: string | null, signal: AbortSignal): AsyncIterable<ReceivedEvent> {
    return readEvents(this.#fetch, { url: this.baseUrl + path, headers: this.#headers, lastId, signal });
  }

  /** Long lists, and past runs, which have to be read first, take their time. */
  patient<Options extends CallOptions>(options: Options): Options {
    return { ...options, timeoutMs: options.timeoutMs ?? this.#timeoutMs ?? 60_000 };
  }

  #exchange({ path, headers, ...question }: Question, options: CallOptions): Promise<HttpAnswer> {
    return exchange(this.#fetch, {
      ...question,
      url: this.baseUrl + path,
      headers: { ...this.#headers, ...headers },
      timeoutMs: options.timeoutMs ?? this.#timeoutMs ?? 10_000,
      signal: options.signal,
    });
  }
}
