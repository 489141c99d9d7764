import { backoffDelay } from '../../domain/backoff.ts';
import { isPassing, OrchestratorError } from '../client-error.ts';

/** What a reader sees that outlives its connections. */
export type Followed<Event> =
  | { kind: 'event'; event: Event }
  /** The connection is lost, or could not be made; it is tried again. */
  | { kind: 'lost'; error: OrchestratorError };

/** What is read from one connection, and where to go on behind it. */
export interface Resumable {
  lastId: string | null;
}

export interface FollowPorts<Event extends Resumable> {
  /** Opens one connection that goes on behind this event. */
  open: (lastId: string | null, signal: AbortSignal) => AsyncIterable<Event>;
  signal: AbortSignal;
  /** Ends early when the signal says so. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  random: () => number;
  /** Where to begin. */
  lastId?: string | null;
}

const PAUSE_BASE_MS = 1_000;
const PAUSE_MAX_MS = 15_000;

/**
 * The events of a stream over as many connections as it takes, each going on behind the last event seen.
 * Ends when the signal is aborted.
 * @throws OrchestratorError when the orchestrator refuses, or is none
 */
export async function* followEvents<Event extends Resumable>(
  ports: FollowPorts<Event>,
): AsyncGenerator<Followed<Event>> {
  const { open, signal, pause, random, lastId } = ports;
  let seen = lastId ?? null;
  let attempt = 0;
  while (!signal.aborted) {
    let error = new OrchestratorError('unreachable', 'the connection was closed');
    try {
      for await (const event of open(seen, signal)) {
        attempt = 0;
        seen = event.lastId;
        yield { kind: 'event', event };
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (!isPassing(thrown)) throw thrown;
      error = thrown;
    }
    if (signal.aborted) return;
    attempt += 1;
    yield { kind: 'lost', error };
    const delay = backoffDelay({ attempt, baseMs: PAUSE_BASE_MS, maxMs: PAUSE_MAX_MS, random: random() });
    await pause(Math.max(delay, error.retryAfterMs ?? 0), signal);
  }
}
