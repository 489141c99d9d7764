import { isPassing, type OrchestratorError } from '../protocol/client-error.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import { parseRecord } from '../protocol/client-record.ts';
import { followEvents } from '../protocol/events/follow-events.ts';
import type { ReceivedEvent } from '../protocol/events/read-events.ts';
import type { LogEndRecord, LogLinesRecord } from '../protocol/log-text.ts';
import { LOG_SCHEMAS } from '../protocol/schemas/log.ts';
import { findAttempt, noSuchJob } from './read-log.ts';

/** What is seen of a log while it grows. */
export type LogNews =
  /** The attempt has not begun yet. */
  | { kind: 'waiting' }
  | { kind: 'lines'; lines: LogLinesRecord }
  /** No answer comes, or the connection was lost; it is tried again. */
  | { kind: 'lost'; error: OrchestratorError }
  /** The attempt is over; nothing comes after this. */
  | { kind: 'end'; end: LogEndRecord };

export interface FollowOptions {
  client: Pick<OrchestratorClient, 'getJob' | 'events'>;
  jobId: number;
  /** null: the last one, or the first if there is none yet. */
  attempt: number | null;
  /** How long an orchestrator that does not answer is tried again. */
  patienceMs: number;
  signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
  /** Ends early when the signal says so. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  random: () => number;
}

/** Between two looks whether the attempt has begun. */
const LOOK_EVERY_MS = 2000;

/**
 * The log of one attempt from its first line that is kept to its end, each line once, over as many connections
 * as it takes. Ends when the attempt is over, or the signal is aborted.
 * @throws UserError with exit code 1 when there is no such job or attempt; OrchestratorError when the
 *   orchestrator refuses, is not there to begin with, or does not answer for too long
 */
export async function* followLog(options: FollowOptions): AsyncGenerator<LogNews> {
  const { client, jobId, signal, pause, random } = options;
  const outage = new Outage(options);
  const attempt = yield* begunAttempt(options, outage);
  if (attempt === null) return;
  const path = `/job/log?jobid=${jobId}&attempt=${attempt}&follow`;
  const open = (lastId: string | null, either: AbortSignal): AsyncIterable<ReceivedEvent> =>
    client.events(path, lastId, either);
  for await (const seen of followEvents({ open, signal, pause, random })) {
    if (seen.kind === 'lost') {
      outage.goesOn(seen.error);
      yield seen;
      continue;
    }
    outage.isOver();
    const { name, data } = seen.event;
    const whose = 'one of its events';
    if (name === 'lines') {
      const lines = parseRecord(data, LOG_SCHEMAS.LogLines, { whose, what: 'lines of a log' });
      yield { kind: 'lines', lines };
    }
    if (name !== 'end') continue;
    yield { kind: 'end', end: parseRecord(data, LOG_SCHEMAS.LogEnd, { whose, what: 'the end of a log' }) };
    return;
  }
}

/** Waits until the attempt has begun and returns its number; null when the signal was aborted. */
async function* begunAttempt(options: FollowOptions, outage: Outage): AsyncGenerator<LogNews, number | null> {
  const { client, jobId, signal, pause } = options;
  for (let looks = 0; !signal.aborted; looks += 1) {
    try {
      const read = await client.getJob(jobId, { signal });
      outage.isOver();
      if (read === null) throw noSuchJob(jobId);
      const { status, attempts } = read.job;
      const wanted = options.attempt ?? Math.max(attempts.length, 1);
      const isNext = wanted === attempts.length + 1 && status === 'WAITING_4_WORKER';
      if (!isNext) return findAttempt(read.job, wanted).number;
      if (looks === 0) yield { kind: 'waiting' };
    } catch (error) {
      if (signal.aborted) return null;
      if (looks === 0 || !isPassing(error)) throw error;
      outage.goesOn(error);
      yield { kind: 'lost', error };
    }
    await pause(LOOK_EVERY_MS, signal);
  }
  return null;
}

/** The time in which no answer has come. */
class Outage {
  readonly #options: Pick<FollowOptions, 'now' | 'patienceMs'>;
  #since: number | null = null;

  constructor(options: Pick<FollowOptions, 'now' | 'patienceMs'>) {
    this.#options = options;
  }

  isOver(): void {
    this.#since = null;
  }

  /** @throws the error when it has gone on for too long */
  goesOn(error: OrchestratorError): void {
    const { now, patienceMs } = this.#options;
    this.#since ??= now();
    if (now() - this.#since >= patienceMs) throw error;
  }
}
