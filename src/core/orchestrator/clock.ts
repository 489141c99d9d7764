/** Time that no one can set: it only goes forward, also when the wall clock jumps. */
export interface MonotonicClock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Calls back once, after so many milliseconds. Returns what calls it off. */
  after(delayMs: number, callback: () => void): () => void;
}

/** setTimeout takes no more; who is called too early looks at the time and waits on. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function systemClock(): MonotonicClock {
  return {
    now: () => performance.now(),
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, Math.min(Math.max(Math.ceil(delayMs), 0), MAX_TIMER_MS));
      return () => clearTimeout(timer);
    },
  };
}
