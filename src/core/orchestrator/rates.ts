import { isHeld } from '../domain/transition.ts';
import type { Job } from '../domain/job.ts';
import { withRate, type JobRates } from '../domain/job-rates.ts';

/** Jobs whose rates are kept: those that were heard of last. With all their points these are some megabytes. */
export const MOST_RATED_JOBS = 1000;

/** How fast the jobs of the run were, since this process runs. In memory: it is for looking at, and proves nothing. */
export class Rates {
  readonly #now: () => Date;
  /** The one that was heard of last is at the end. */
  readonly #jobs = new Map<number, JobRates>();
  readonly since: Date;

  constructor(now: () => Date) {
    this.#now = now;
    this.since = now();
  }

  /** A job has changed. */
  note({ jobId, attempts, status, blocksPerSecond }: Job): void {
    if (blocksPerSecond === null || !isHeld(status)) return;
    const time = Math.floor(this.#now().getTime() / 1000);
    const rates = withRate(this.#jobs.get(jobId) ?? null, attempts.length, time, blocksPerSecond);
    this.#jobs.delete(jobId);
    this.#jobs.set(jobId, rates);
    for (const oldest of this.#jobs.keys()) {
      if (this.#jobs.size <= MOST_RATED_JOBS) break;
      this.#jobs.delete(oldest);
    }
  }

  /** Of the last attempt that told any; null: none did. */
  of(jobId: number): JobRates | null {
    return this.#jobs.get(jobId) ?? null;
  }
}
