import type { ServerResponse } from 'node:http';
import { eventText, HEARTBEAT_MS, type ServerEvent } from '../../protocol/events/server-event.ts';
import type { MonotonicClock } from '../clock.ts';

/** An answer that goes on: server-sent events for one reader. */
export interface EventStream {
  /** Aborted when the reader is gone, may not read any longer, or the orchestrator stops. */
  signal: AbortSignal;
  /** Sends events. Resolves when the reader has taken so many that more may follow, or the stream is over. */
  send(...events: ServerEvent[]): Promise<void>;
}

/** Writes the events of one stream; the stream is over when it returns. */
export type WriteEvents = (stream: EventStream) => Promise<void>;

export interface StreamSetting {
  clock: Pick<MonotonicClock, 'after'>;
  /** Throws when the reader may not read any longer. */
  recheck: () => Promise<unknown>;
  /** Milliseconds that a reader may take for what is on its way to it. */
  answerMs: number;
  /** Aborted when the orchestrator stops. */
  stopping: AbortSignal;
}

/** How often it is asked again whether the reader may read: its token may have been revoked. */
const RECHECK_BEATS = 2;

/** Runs one stream to its end. The head of the response has been written. */
export async function sendEvents(
  write: WriteEvents,
  response: ServerResponse,
  { clock, recheck, answerMs, stopping }: StreamSetting,
): Promise<void> {
  const over = new AbortController();
  const end = (): void => over.abort();
  response.once('close', end);
  stopping.addEventListener('abort', end);
  // Bun sends the head with the first bytes of the body only.
  response.write(':\n\n');
  const stopBeat = heartbeat(clock, (beat) => {
    response.write(':\n\n');
    if (beat % RECHECK_BEATS === 0) void recheck().catch(end);
  });
  const send = async (...events: ServerEvent[]): Promise<void> => {
    if (over.signal.aborted || events.length === 0) return;
    if (response.write(events.map(eventText).join(''))) return;
    await drained(response, over.signal, clock, answerMs);
  };
  try {
    if (!stopping.aborted) await write({ signal: over.signal, send });
  } finally {
    stopBeat();
    stopping.removeEventListener('abort', end);
    over.abort();
    response.end();
  }
}

function heartbeat(clock: Pick<MonotonicClock, 'after'>, beat: (count: number) => void): () => void {
  let count = 0;
  let cancel = (): void => {};
  const wait = (): void => {
    cancel = clock.after(HEARTBEAT_MS, () => {
      wait();
      beat((count += 1));
    });
  };
  wait();
  return () => cancel();
}

/** A reader that takes nothing for too long is cut off: what waits for it is in our memory. */
function drained(
  response: ServerResponse,
  signal: AbortSignal,
  clock: Pick<MonotonicClock, 'after'>,
  answerMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(answerMs, () => response.destroy());
    const go = (): void => {
      cancel();
      response.off('drain', go);
      signal.removeEventListener('abort', go);
      resolve();
    };
    response.once('drain', go);
    signal.addEventListener('abort', go);
    if (signal.aborted) go();
  });
}
