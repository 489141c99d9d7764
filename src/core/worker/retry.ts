import { backoffDelay } from '../domain/backoff.ts';
import { OrchestratorError } from '../protocol/client-error.ts';
import type { Clock } from './clock.ts';

export const RETRY_BASE_MS = 1000;
export const RETRY_MAX_MS = 30_000;

export interface RetryOptions {
  clock: Clock;
  /** Ends the waiting: the last error is thrown. */
  signal: AbortSignal;
  /** Whether it is worth sending again after this error. */
  again(error: unknown): boolean;
  /** Told before each wait. */
  onWait?(error: unknown, delayMs: number): void;
  /** The longest pause in milliseconds, also when the orchestrator asks for a longer one. */
  maxMs?: number;
  /** Gives up, with the last error, when the next try would come later than this; see Clock.now. */
  deadline?: number;
}

/**
 * Calls `send` until it succeeds, with growing pauses between the calls. The one place where
 * something is sent again: `send` has to be harmless when the orchestrator has had it already.
 */
export async function retry<T>(send: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      const delay = pause(error, attempt, options);
      if (options.signal.aborted || !options.again(error)) throw error;
      if (options.deadline !== undefined && options.clock.now() + delay > options.deadline) throw error;
      options.onWait?.(error, delay);
      await options.clock.sleep(delay, options.signal);
      if (options.signal.aborted) throw error;
    }
  }
}

function pause(error: unknown, attempt: number, { clock, maxMs = RETRY_MAX_MS }: RetryOptions): number {
  const asked = error instanceof OrchestratorError ? error.retryAfterMs : null;
  if (asked !== null) return Math.min(asked, maxMs);
  return backoffDelay({ attempt, baseMs: RETRY_BASE_MS, maxMs, random: clock.random() });
}
