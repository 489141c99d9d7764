import { averageRate } from '../domain/average-rate.ts';
import type { Job } from '../domain/job.ts';
import { summarise, type FoundHashes, type Summary } from '../domain/summary.ts';
import { utcSeconds } from '../domain/time.ts';

/**
 * Sums up a run that was left, as it is from then on: no time that is still to come can be told, and of an
 * attempt that was never ended nothing is known after the last word of anybody.
 */
export function summariseLeft(jobs: readonly Job[], found: FoundHashes): Summary {
  const last = lastWord(jobs);
  const pace = { blocksPerSecondAverage: averageRate(jobs, last), timeLeft: null };
  const summary = summarise(jobs, found, new Date(last * 1000), pace);
  return { ...summary, eta: null };
}

/** The last start or end of an attempt, in seconds since 1970. */
function lastWord(jobs: readonly Job[]): number {
  let last = 0;
  for (const { attempts } of jobs) {
    for (const { startTime, endTime } of attempts) {
      const time = utcSeconds(endTime ?? startTime);
      if (time > last) last = time;
    }
  }
  return last;
}
