import { asUserError, isPassing, OrchestratorError } from '../protocol/client-error.ts';
import type { Clock } from './clock.ts';

/**
 * How long an orchestrator may be silent before we give up: while it has never answered (the
 * address may be wrong), and when we are to end by ourselves (the run may be over and the
 * orchestrator gone). A worker that has reached it and is to go on for ever keeps asking.
 */
export const SILENCE_MS = 5 * 60_000;

export interface ContactPorts {
  /** The orchestrator's address, for messages. */
  baseUrl: string;
  clock: Clock;
  signal: AbortSignal;
  notice: (text: string) => void;
}

/** Decides what a question without an answer means: ask again, or end. */
export interface Contact {
  /** Throws a UserError when the orchestrator refuses us, is something else, or is silent for too long. */
  ask<T>(question: () => Promise<T>): Promise<T | 'no-answer'>;
}

/** @param forEver whether to keep asking one that was reached before */
export function watchContact(ports: ContactPorts, forEver: boolean): Contact {
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
        const tooLong = !(reached && forEver) && clock.now() - silentSince >= SILENCE_MS;
        // Once it has been reached, a strange answer is a proxy's or a restart's, and passes.
        const wrong = error.kind === 'refused' || (!reached && !isPassing(error));
        if (tooLong || wrong) throw asUserError(error, baseUrl);
        return 'no-answer';
      }
    },
  };
}
