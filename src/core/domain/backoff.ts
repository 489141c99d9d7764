interface Backoff {
  /** How many tries have failed so far, from 1. */
  attempt: number;
  /** Upper limit of the first delay, in milliseconds. */
  baseMs: number;
  /** Upper limit of every delay, in milliseconds. */
  maxMs: number;
  /** A random number from 0 up to 1; chance is an input so that tests need none. */
  random: number;
}

/**
 * Delay before the next try, in milliseconds: a random share ("full jitter") of a limit that doubles
 * with each failed try up to `maxMs`. A hundred hosts that lost the orchestrator at the same moment do
 * not all come back at the same moment.
 */
export function backoffDelay({ attempt, baseMs, maxMs, random }: Backoff): number {
  // 2 ** 1024 is Infinity, and 0 * Infinity is not a number.
  const doublings = Math.min(Math.max(attempt, 1) - 1, 50);
  const limit = Math.min(maxMs, baseMs * 2 ** doublings);
  return Math.round(limit * random);
}
