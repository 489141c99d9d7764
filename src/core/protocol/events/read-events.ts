import { createParser } from 'eventsource-parser';
import { errorOfAnswer } from '../client-answer.ts';
import { OrchestratorError } from '../client-error.ts';
import { describeNetworkError, readLimited, type Fetch } from '../client-http.ts';
import { EVENT_STREAM_TYPE, HEARTBEAT_MS } from './server-event.ts';

/** One event as it came. */
export interface ReceivedEvent {
  name: string;
  data: string;
  /** The newest id that the stream has told so far; null: none yet. */
  lastId: string | null;
}

export interface EventRequest {
  url: string;
  headers: Record<string, string>;
  /** Where to go on; null: at the present. */
  lastId: string | null;
  signal: AbortSignal;
  /** After so many milliseconds without a byte the connection counts as lost. */
  silenceMs?: number;
}

/** Three heartbeats that did not come. */
const SILENCE_MS = 3 * HEARTBEAT_MS;

/** Characters of one event: a full record with a long history has some ten thousand. */
const MAX_EVENT = 4 * 1024 * 1024;

/** Bytes of an answer that is no stream. */
const MAX_ERROR = 64 * 1024;

/**
 * The events of one connection, until it ends.
 * @throws OrchestratorError: `unreachable` when the connection is lost or silent, else as any call; the
 *   signal's reason when it is aborted
 */
export async function* readEvents(fetch: Fetch, request: EventRequest): AsyncGenerator<ReceivedEvent> {
  const silence = new Silence(request.silenceMs ?? SILENCE_MS);
  const signal = AbortSignal.any([request.signal, silence.signal]);
  try {
    const response = await fetch(request.url, {
      method: 'GET',
      headers: {
        ...request.headers,
        Accept: EVENT_STREAM_TYPE,
        ...(request.lastId === null ? {} : { 'Last-Event-ID': request.lastId }),
      },
      redirect: 'manual',
      signal,
    });
    yield* eventsOf(await streamOf(response), request.lastId, silence);
  } catch (error) {
    if (error instanceof OrchestratorError) throw error;
    request.signal.throwIfAborted();
    const reason = silence.signal.aborted ? silence.reason : describeNetworkError(error);
    throw new OrchestratorError('unreachable', reason, { cause: error });
  } finally {
    silence.end();
  }
}

async function streamOf(response: Response): Promise<ReadableStream<Uint8Array>> {
  const { status, headers } = response;
  const isStream = headers.get('content-type')?.startsWith(EVENT_STREAM_TYPE) === true;
  if (status === 200 && isStream && response.body) return response.body;
  const body = await readLimited(response, MAX_ERROR);
  if (status !== 200) throw errorOfAnswer({ status, headers, body });
  throw new OrchestratorError('bad-answer', 'its answer is not a stream of events', { status });
}

async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  lastId: string | null,
  silence: Silence,
): AsyncGenerator<ReceivedEvent> {
  const received: ReceivedEvent[] = [];
  let newestId = lastId;
  const parser = createParser({
    maxBufferSize: MAX_EVENT,
    onEvent: ({ event = 'message', data, id }) => {
      newestId = id ?? newestId;
      received.push({ name: event, data, lastId: newestId });
    },
    // Fields that a later version may add are none of our concern.
    onError: ({ type, message }) => {
      if (type !== 'max-buffer-size-exceeded') return;
      throw new OrchestratorError('bad-answer', `its events are not understood (${message})`);
    },
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      silence.broken();
      parser.feed(decoder.decode(value, { stream: true }));
      yield* received.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Notices that nothing has come for too long. */
class Silence {
  readonly #ms: number;
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout;

  constructor(ms: number) {
    this.#ms = ms;
    this.#timer = this.#begin();
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  get reason(): string {
    return `nothing came from it for ${this.#ms / 1000} s`;
  }

  broken(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#begin();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #begin(): NodeJS.Timeout {
    return setTimeout(() => this.#over.abort(), this.#ms);
  }
}
