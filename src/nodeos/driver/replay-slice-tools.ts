import { getInfo, getIntegrityHash } from './api.ts';
import { reservePorts } from './ports.ts';
import { startNodeos } from '../process/process.ts';

/** Time as the driver needs it; another one lets tests decide when time passes. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  /** Calls once after some milliseconds, unless cancelled by the function it returns. */
  after(ms: number, call: () => void): () => void;
}

/** All that the driver has to do with the world. */
export interface DriverTools {
  readonly clock: Clock;
  /** From 0 up to 1. */
  random(): number;
  readonly startNodeos: typeof startNodeos;
  readonly reservePorts: typeof reservePorts;
  readonly getInfo: typeof getInfo;
  readonly getIntegrityHash: typeof getIntegrityHash;
  /**
   * Milliseconds from SIGTERM to SIGKILL. Short: whenever we end nodeos its state is thrown away, and a
   * worker that is told to stop has ten seconds for everything.
   */
  readonly graceMs: number;
  /** Milliseconds between two questions to the API. */
  readonly pollMs: number;
}

export function defaultTools(): DriverTools {
  return {
    clock: {
      now: () => performance.now(),
      after: (ms, call) => {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
    },
    random: Math.random,
    startNodeos,
    reservePorts,
    getInfo,
    getIntegrityHash,
    graceMs: 4000,
    pollMs: 1000,
  };
}

/** Waits, until the signal is aborted; never rejects. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener('abort', done, { once: true });
  });
}
