/** What had been done at one moment: blocks, or bytes. `at` is in milliseconds. */
export interface RateSample {
  readonly at: number;
  readonly done: number;
}

/** Samples of the last while, oldest first. */
export type RateWindow = readonly RateSample[];

/** How far back a rate looks. nodeos names a block every 500, so that a shorter window would flicker. */
export const RATE_WINDOW_MS = 60_000;

/**
 * The window with one more sample. What is older than the window is dropped, but two samples
 * remain: when nodeos needs minutes for 500 blocks, the rate is that of its last step. A sample
 * that says no more than the last one is left out, and one that says less begins a new window.
 */
export function addSample(window: RateWindow, sample: RateSample, windowMs = RATE_WINDOW_MS): RateWindow {
  const last = window.at(-1);
  if (last === undefined || sample.done < last.done) return [sample];
  if (sample.done === last.done || sample.at <= last.at) return window;
  const samples = [...window, sample];
  const firstKept = samples.findIndex(({ at }) => at >= sample.at - windowMs);
  return samples.slice(Math.min(firstKept, samples.length - 2));
}

/**
 * What is done in a second, as of `now`. null while it is not known: fewer than two samples, or
 * nothing for longer than both the window and three times the longest step in it.
 */
export function ratePerSecond(window: RateWindow, now: number, windowMs = RATE_WINDOW_MS): number | null {
  const first = window[0];
  const last = window.at(-1);
  if (first === undefined || last === undefined || last.at === first.at) return null;
  if (now - last.at > Math.max(windowMs, 3 * longestStep(window))) return null;
  return ((last.done - first.done) * 1000) / (last.at - first.at);
}

function longestStep(window: RateWindow): number {
  let longest = 0;
  for (let i = 1; i < window.length; i += 1) {
    longest = Math.max(longest, (window[i]?.at ?? 0) - (window[i - 1]?.at ?? 0));
  }
  return longest;
}

/** Milliseconds until what remains is done at this rate; null when that cannot be told. */
export function timeLeftMs(remaining: number, perSecond: number | null): number | null {
  if (remaining <= 0) return 0;
  if (perSecond === null || perSecond <= 0) return null;
  return (remaining / perSecond) * 1000;
}
