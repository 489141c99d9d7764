import { backoffDelay } from '../domain/backoff.ts';
import type { Clock } from './clock.ts';

export const PAUSE_BASE_MS = 1000;
export const PAUSE_MAX_MS = 30_000;

export interface Pause {
  /** Waits, each time longer until something succeeds. The reason is told once in a row. */
  (reason: string | null): Promise<void>;
  reset(): void;
}

/** Pauses with increasing length and jitter, which end at once when the worker is told to stop. */
export function createPause(ports: {
  clock: Clock;
  signal: AbortSignal;
  notice: (text: string) => void;
}): Pause {
  const { clock, signal, notice } = ports;
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
