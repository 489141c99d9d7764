import type { MonotonicClock } from '../../../src/core/orchestrator/clock.ts';

/** A clock that goes forward when it is told to, and calls back whoever is due on the way. */
export class ManualMonotonic implements MonotonicClock {
  #now = 1_000_000;
  #timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get timers(): number {
    return this.#timers.length;
  }

  /** Lets time pass. What is set off on the way may set further timers, which count too. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.#fire(next);
    }
    this.#now = end;
  }

  /** Time passes while nothing runs, as when the process is stopped; whoever is due is called too late. */
  standStill(milliseconds: number): void {
    this.#now += milliseconds;
    this.advance(0);
  }

  #fire(timer: { at: number; callback: () => void }): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
    timer.callback();
  }
}
