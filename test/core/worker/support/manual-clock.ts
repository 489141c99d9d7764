import type { Clock } from '../../../../src/core/worker/clock.ts';

interface Sleeper {
  until: number;
  wake(): void;
}

/** A clock that moves when it is told to. `random` is always just below 1: pauses have their full length. */
export class ManualClock implements Clock {
  #now = 0;
  #sleepers: Sleeper[] = [];
  /** The length of each sleep that was begun. */
  readonly slept: number[] = [];

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.999_999;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const sleeper: Sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      });
    });
  }

  /** Lets everything run that can run without time passing. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Moves on, waking the sleepers in their order. */
  async advance(ms: number): Promise<void> {
    await this.settle();
    const target = this.#now + ms;
    for (;;) {
      const next = this.#sleepers
        .filter(({ until }) => until <= target)
        .toSorted((a, b) => a.until - b.until)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.until);
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      next.wake();
      await this.settle();
    }
    this.#now = target;
  }
}
