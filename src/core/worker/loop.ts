import { backoffDelay } from '../domain/backoff.ts';
import { isHeld } from '../domain/transition.ts';
import { JOB_STATUSES } from '../domain/job.ts';
import type { VersionedJob } from '../protocol/client.ts';
import { asUserError, isPassing, OrchestratorError } from '../protocol/client-error.ts';
import type { SummaryRecord } from '../protocol/summary-record.ts';
import type { Clock } from './clock.ts';

/**
 * How an attempt ended, for the loop.
 * - taken: another worker had claimed the job first.
 * - lost: the job was taken from us while we worked on it.
 */
export type AttemptEnd = 'complete' | 'failed' | 'taken' | 'lost' | 'interrupted';

/** failed: with `once`, the one job ended in an error. */
export type LoopEnd = 'done' | 'failed' | 'interrupted';

export interface LoopPorts {
  /** The orchestrator's address, for messages. */
  baseUrl: string;
  clock: Clock;
  signal: AbortSignal;
  nextJob(): Promise<VersionedJob | null>;
  summary(): Promise<SummaryRecord>;
  work(offer: VersionedJob): Promise<AttemptEnd>;
  /** Clears the work directory. Why no job can be taken now (too little disk), or null. */
  obstacle(): Promise<string | null>;
  notice: (text: string) => void;
}

export interface LoopOptions {
  /** Take one job, then end. */
  once: boolean;
  /** End when no job waits and no host holds one. */
  exitWhenDrained: boolean;
}

export const PAUSE_BASE_MS = 1000;
export const PAUSE_MAX_MS = 30_000;

/**
 * How long an orchestrator may be silent before we give up: while it has never answered (the
 * address may be wrong), and with `once` or `exitWhenDrained` (the run may be over and the
 * orchestrator gone). A worker that has reached it and is to go on for ever keeps asking.
 */
export const SILENCE_MS = 5 * 60_000;

/**
 * Takes one job after the other. It knows the orchestrator and the work only as functions.
 * Throws a UserError when the orchestrator refuses us, is something else, or is silent for too long.
 */
export async function runLoop(ports: LoopPorts, options: LoopOptions): Promise<LoopEnd> {
  const contact = watchContact(ports, options);
  const pause = createPause(ports);
  while (!ports.signal.aborted) {
    const obstacle = await ports.obstacle();
    if (obstacle !== null) {
      await pause(`No job is taken: ${obstacle}`);
      continue;
    }
    const asked = await contact.ask(() => askForWork(ports, options));
    if (ports.signal.aborted) break;
    if (asked === 'drained') return 'done';
    if (asked === 'no-answer') {
      await pause(null);
    } else if (asked === null) {
      await pause('No job waits. Asking again until one does.');
    } else {
      const end = await ports.work(asked);
      if (end === 'interrupted') break;
      if (options.once && (end === 'complete' || end === 'failed')) {
        return end === 'complete' ? 'done' : 'failed';
      }
      // A host on which everything fails must not burn through all the jobs of a run.
      if (end === 'complete') pause.reset();
      else await pause(null);
    }
  }
  return 'interrupted';
}

/** The next job; null when none waits but one may still come; `drained` when none can come. */
async function askForWork(ports: LoopPorts, options: LoopOptions): Promise<VersionedJob | null | 'drained'> {
  const offer = await ports.nextJob();
  if (offer !== null || !options.exitWhenDrained) return offer;
  return isDrained(await ports.summary()) ? 'drained' : null;
}

/**
 * Nothing waits and nobody holds a job that could come back. A verdict may still be pending then:
 * that does not bring work for a host, since only another run of a job could change it.
 */
export function isDrained({ statuses }: Pick<SummaryRecord, 'statuses'>): boolean {
  const open = JOB_STATUSES.filter((status) => status === 'WAITING_4_WORKER' || isHeld(status));
  return open.every((status) => (statuses[status] ?? 0) === 0);
}

interface Pause {
  /** Waits, each time longer until something succeeds. The reason is told once in a row. */
  (reason: string | null): Promise<void>;
  reset(): void;
}

function createPause({ clock, signal, notice }: LoopPorts): Pause {
  let attempt = 0;
  let told: string | null = null;
  const pause = async (reason: string | null): Promise<void> => {
    attempt += 1;
    if (reason !== null && reason !== told) notice(reason);
    told = reason ?? told;
    const random = clock.random();
    await clock.sleep(backoffDelay({ attempt, baseMs: PAUSE_BASE_MS, maxMs: PAUSE_MAX_MS, random }), signal);
  };
  const reset = (): void => {
    attempt = 0;
    told = null;
  };
  return Object.assign(pause, { reset });
}

interface Contact {
  ask<T>(question: () => Promise<T>): Promise<T | 'no-answer'>;
}

/** Decides what a question without an answer means: ask again, or end. */
function watchContact(ports: LoopPorts, options: LoopOptions): Contact {
  const { clock, signal, baseUrl, notice } = ports;
  let reached = false;
  let silentSince: number | null = null;
  return {
    async ask(question) {
      try {
        const answer = await question();
        if (silentSince !== null) notice(`The orchestrator at ${baseUrl} answers${reached ? ' again' : ''}.`);
        reached = true;
        silentSince = null;
        return answer;
      } catch (error) {
        if (signal.aborted) return 'no-answer';
        if (!(error instanceof OrchestratorError)) throw error;
        if (silentSince === null) notice(`The orchestrator at ${baseUrl}: ${error.message}. Asking again.`);
        silentSince ??= clock.now();
        const patient = reached && !options.once && !options.exitWhenDrained;
        const tooLong = !patient && clock.now() - silentSince >= SILENCE_MS;
        // Once it has been reached, a strange answer is a proxy's or a restart's, and passes.
        const wrong = error.kind === 'refused' || (!reached && !isPassing(error));
        if (tooLong || wrong) throw asUserError(error, baseUrl);
        return 'no-answer';
      }
    },
  };
}
