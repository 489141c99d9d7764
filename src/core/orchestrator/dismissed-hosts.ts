import type { MonotonicClock } from './clock.ts';

/** Whoever dismisses a host ends it at once; if that fails, it has jobs again after this time. Milliseconds. */
const DISMISSED_MS = 5 * 60_000;

/**
 * Hosts that get no more jobs because somebody is about to end them: between a look that finds a host idle and
 * its end it could else take a job, and lose it. Kept in memory, over the runs of one process.
 */
export class DismissedHosts {
  readonly #clock: MonotonicClock;
  /** By worker, when it was dismissed; the last one at the end. */
  readonly #at = new Map<string, number>();

  constructor(clock: MonotonicClock) {
    this.#clock = clock;
  }

  add(workerId: string): void {
    this.#at.delete(workerId);
    this.#at.set(workerId, this.#clock.now());
    for (const id of this.#at.keys()) {
      if (this.has(id)) return;
      this.#at.delete(id);
    }
  }

  has(workerId: string | null): boolean {
    const at = workerId === null ? undefined : this.#at.get(workerId);
    return at !== undefined && this.#clock.now() - at < DISMISSED_MS;
  }
}
