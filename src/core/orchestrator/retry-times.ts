import type { Job } from '../domain/job.ts';
import type { MonotonicClock } from './clock.ts';

/** From when on the jobs that failed may be offered again, on the monotonic clock. */
export class RetryTimes {
  readonly #clock: MonotonicClock;
  readonly #readyAt = new Map<number, number>();

  constructor(clock: MonotonicClock) {
    this.#clock = clock;
  }

  /** A job as it is now. Its delay, if there is one, begins, unless it had begun before. */
  note({ jobId, status, retry }: Job, before?: Job): void {
    if (status !== 'WAITING_4_WORKER' || retry === undefined) this.#readyAt.delete(jobId);
    else if (retry !== before?.retry) this.#readyAt.set(jobId, this.#clock.now() + retry.delayMs);
  }

  /** null: the job has not failed. */
  readyAt(jobId: number): number | null {
    return this.#readyAt.get(jobId) ?? null;
  }
}
