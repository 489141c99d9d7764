import { setTimeout as delay } from 'node:timers/promises';
import { backoffDelay } from '../domain/backoff.ts';
import { SourceError } from './source-error.ts';

/** How long to try. All times in milliseconds. */
export interface RetryLimits {
  /** The longest silence of a server before its connection counts as broken. */
  readonly idleTimeoutMs: number;
  /** Tries that may fail one after the other without progress, after the first. */
  readonly retries: number;
  /** Bytes that a try must bring to count as progress; else a server that sends a little and breaks off is asked for ever. */
  readonly progressBytes: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

export const DEFAULT_LIMITS: RetryLimits = {
  idleTimeoutMs: 60_000,
  retries: 6,
  progressBytes: 1 << 20,
  baseDelayMs: 1000,
  maxDelayMs: 30_000,
};

/** Time and chance, replaced in tests. */
export interface RetryTools {
  /** Resolves after so many milliseconds; rejects when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
}

export const REAL_TOOLS: RetryTools = {
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal });
  },
  random: Math.random,
};

export function pauseBefore(
  retry: number,
  limits: RetryLimits,
  tools: RetryTools,
  signal: AbortSignal,
): Promise<void> {
  const ms = backoffDelay({
    attempt: retry,
    baseMs: limits.baseDelayMs,
    maxMs: limits.maxDelayMs,
    random: tools.random(),
  });
  return tools.sleep(ms, signal);
}

/** Watches one connection: only the time spent waiting for the server counts, not our own work in between. */
export interface IdleGuard {
  /** Fires with the caller's signal, or when the server was silent for too long. */
  readonly signal: AbortSignal;
  /** Waits for the server, at most as long as it may be silent. */
  wait<T>(answer: Promise<T>): Promise<T>;
}

/** @param place Named in the error. */
export function createIdleGuard(signal: AbortSignal, idleTimeoutMs: number, place: string): IdleGuard {
  const silence = new AbortController();
  const both = AbortSignal.any([signal, silence.signal]);

  async function wait<T>(answer: Promise<T>): Promise<T> {
    // The loser of the race may still reject, with nobody listening.
    answer.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    // A stream that ignores its signal must not hold us: the race is decided here.
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.aborted ? signal.reason : silenceError(place, idleTimeoutMs));
      timer = setTimeout(() => silence.abort(), idleTimeoutMs);
      if (both.aborted) onAbort();
      else both.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([answer, aborted]);
    } finally {
      clearTimeout(timer);
      if (onAbort !== undefined) both.removeEventListener('abort', onAbort);
    }
  }

  return { signal: both, wait };
}

function silenceError(place: string, idleTimeoutMs: number): SourceError {
  return new SourceError('connection', `The server of ${place} sent nothing for ${idleTimeoutMs / 1000} s`);
}
