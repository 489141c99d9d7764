import { averageRate } from './average-rate.ts';
import { timeLeft, type TimeLeft } from './forecast/time-left.ts';
import type { Job } from './job.ts';
import type { JobOrder } from './schedule.ts';

/** How fast a run is, and how long it still takes. */
export interface Pace {
  /** Of the run so far (average-rate.ts). */
  readonly blocksPerSecondAverage: number | null;
  readonly timeLeft: TimeLeft | null;
}

/** O(n log n): a tenth of a second for 100,000 jobs and 1,000 hosts. */
export function paceOf(jobs: readonly Job[], now: Date, order: JobOrder): Pace {
  return {
    blocksPerSecondAverage: averageRate(jobs, now.getTime() / 1000),
    timeLeft: timeLeft(jobs, now, order),
  };
}

/** Milliseconds for which a pace is good enough: a second for 10,000 jobs, and never less than one. */
export function paceTermMs(jobs: number): number {
  return Math.max(1000, jobs / 10);
}
