import type { Job } from '../job.ts';
import { inOrder, type JobOrder } from '../schedule.ts';
import { utcSeconds } from '../time.ts';
import { isHeld } from '../transition.ts';
import { Draws } from './draws.ts';
import { queueOf, type Queue } from './queue.ts';
import { experienceOf, type Experience } from './samples.ts';
import { seededRandom } from './seeded-random.ts';
import { slopeAt, trendOf, type Trend } from './trend.ts';

/** Slices that were replayed, or are at a known rate, before anything is said. */
export const ENOUGH_SAMPLES = 3;

/** What is left of a run, and what it has shown of the time that slices take. */
export interface Rest {
  /** Jobs that a host is at work on. */
  readonly held: readonly Job[];
  /** Slices that wait, in the order in which they are handed out. */
  readonly queue: Queue;
  readonly waiting: number;
  readonly experience: Experience;
  readonly trend: Trend;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * @param order in which waiting jobs are given to hosts.
 * @returns null while fewer than ENOUGH_SAMPLES samples are there.
 */
export function restOf(jobs: readonly Job[], at: Date, order: JobOrder): Rest | null {
  const now = at.getTime() / 1000;
  const experience = experienceOf(jobs, now);
  if (experience.samples.length < ENOUGH_SAMPLES) return null;
  const queued = jobs.filter(({ status }) => status === 'WAITING_4_WORKER');
  const waiting = order === 'manifest' ? queued : inOrder(queued, order);
  const trend = trendOf(experience.samples, lengthOf(jobs));
  const held = jobs.filter(({ status }) => isHeld(status));
  return { held, queue: queueOf(waiting), waiting: waiting.length, experience, trend, now };
}

/** One way in which the rest may go. */
export interface Play {
  readonly draw: Draws;
  /** Seconds until each host that is at work is free. */
  readonly free: number[];
}

/** One of so many plays, from 1; the same one for the same numbers. */
export function playOf({ held, experience, trend, now }: Rest, number: number, plays: number): Play {
  const slope = slopeAt(trend, (number - 0.5) / plays);
  const draw = new Draws(experience, slope, seededRandom(number));
  return { draw, free: held.map((job) => remaining(job, now, draw)) };
}

/** Seconds until the host of a held job is free. */
function remaining(job: Job, now: number, draw: Draws): number {
  const { slice, status, blocksPerSecond: rate, lastBlockProcessed, startTime } = job;
  const { before, secondsPerBlock, after } = draw.slice(slice.startBlock);
  const done = Math.max(lastBlockProcessed - slice.startBlock, 0);
  const left = Math.max(slice.endBlock - slice.startBlock - done, 0);
  if (status === 'WORKING' && rate !== null && rate > 0) return (left / rate) * draw.factor() + after;
  const elapsed = Math.max(now - utcSeconds(startTime), 0);
  const toCome = status === 'WORKING' ? 0 : Math.max(before - elapsed, 0);
  return toCome + left * secondsPerBlock + after;
}

/** Blocks from the first one of the run to its last. */
function lengthOf(jobs: readonly Job[]): number {
  let [first, last] = [Infinity, 0];
  for (const { slice } of jobs) {
    first = Math.min(first, slice.startBlock);
    last = Math.max(last, slice.endBlock);
  }
  return last - first;
}
