/** How many messages one target gets: nobody wants 900 of them when a build fails 900 slices. */

/** Messages that may be sent at once, and so many notifications that are sent one by one. */
export const MOST_AT_ONCE = 10;
/** After which time one more may be sent. Milliseconds. */
export const ONE_MORE_MS = 60_000;
/** Notifications in one message. */
export const MOST_IN_ONE = 100;

/** Messages that may be sent; a fraction grows into the next one. */
export interface Allowance {
  readonly messages: number;
  /** Milliseconds on a monotonic clock. */
  readonly at: number;
}

export function fullAllowance(now: number): Allowance {
  return { messages: MOST_AT_ONCE, at: now };
}

export function refilled({ messages, at }: Allowance, now: number): Allowance {
  return { messages: Math.min(MOST_AT_ONCE, messages + (now - at) / ONE_MORE_MS), at: now };
}

/** How many of the waiting notifications go into the next message; 0: none may be sent yet. */
export function nextMessage(waiting: number, { messages }: Allowance): number {
  if (messages < 1) return 0;
  return waiting <= messages ? Math.min(waiting, 1) : Math.min(waiting, MOST_IN_ONE);
}

/** Milliseconds until one more may be sent. */
export function untilNext({ messages }: Allowance): number {
  return Math.ceil(Math.max(0, 1 - messages) * ONE_MORE_MS);
}
