import type { MonotonicClock } from '../clock.ts';

/** How long a text may be told again: what it says of the time left and of leases grows old. Milliseconds. */
const FRESH_MS = 1_000;

/** A hundred hosts make some ten changes a second. */
const MOST = 200;

/** What was made for one reader and is the same for the others, who ask for it in the same moment. */
export class RecentTexts {
  readonly #clock: Pick<MonotonicClock, 'now'>;
  readonly #texts = new Map<number, { text: string; at: number }>();

  constructor(clock: Pick<MonotonicClock, 'now'>) {
    this.#clock = clock;
  }

  /** The text of this change; it is made when there is none, or none that is fresh. */
  of(change: number, make: () => string): string {
    const now = this.#clock.now();
    const known = this.#texts.get(change);
    if (known && now - known.at < FRESH_MS) return known.text;
    if (this.#texts.size >= MOST) this.#texts.clear();
    const text = make();
    this.#texts.set(change, { text, at: now });
    return text;
  }
}
