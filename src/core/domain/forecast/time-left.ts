/**
 * How long a run still takes, and how sure that is. The rest of the run is played through some dozens of
 * times: the hosts at work take one waiting slice after the other, and each slice takes a time like those
 * that the run has seen, with the trend along the chain that they show. The run is over when the last slice
 * is, so the tail is in it: at the end most hosts have nothing left to do.
 */
import type { Job } from '../job.ts';
import { inOrder, type JobOrder } from '../schedule.ts';
import { utcSeconds } from '../time.ts';
import { isHeld } from '../transition.ts';
import { Draws, type Queue } from './draws.ts';
import { makespan } from './list-schedule.ts';
import { experienceOf } from './samples.ts';
import { seededRandom } from './seeded-random.ts';
import { trendOf } from './trend.ts';

/** Seconds until no job waits or is held any more. Four runs of five end between low and high. */
export interface TimeLeft {
  readonly lowSeconds: number;
  readonly likelySeconds: number;
  readonly highSeconds: number;
}

/** Slices that were replayed, or are at a known rate, before anything is said. */
export const ENOUGH_SAMPLES = 3;

/** Steps of a schedule in all: what an estimate may cost. */
const STEPS = 60_000;
const MIN_PLAYS = 20;
const MAX_PLAYS = 200;

/**
 * @param order in which waiting jobs are given to hosts.
 * @returns null while too little is known: fewer than ENOUGH_SAMPLES samples, or nobody at work.
 */
export function timeLeft(jobs: readonly Job[], now: Date, order: JobOrder): TimeLeft | null {
  const seconds = now.getTime() / 1000;
  const held = jobs.filter(({ status }) => isHeld(status));
  if (held.length === 0) return null;
  const experience = experienceOf(jobs, seconds);
  if (experience.samples.length < ENOUGH_SAMPLES) return null;
  const queue = jobs.filter(({ status }) => status === 'WAITING_4_WORKER');
  const waiting = order === 'manifest' ? queue : inOrder(queue, order);
  const trend = trendOf(experience.samples, lengthOf(jobs));
  const queued = queueOf(waiting);
  const ends = plays(waiting.length, held.length).map((seed) => {
    const draw = new Draws(experience, trend, seededRandom(seed));
    const free = Float64Array.from(held, (job) => remaining(job, seconds, draw));
    return makespan(free, {
      count: waiting.length,
      seconds: (first, count) => draw.slices(queued, first, count),
    });
  });
  return spread(Float64Array.from(ends).toSorted());
}

/** The seeds of so many plays as the steps allow. */
function plays(waiting: number, hosts: number): number[] {
  const steps = hosts * (3 + 2 * Math.log(1 + waiting / hosts));
  const count = Math.min(Math.max(Math.floor(STEPS / steps), MIN_PLAYS), MAX_PLAYS);
  return Array.from({ length: count }, (_, index) => index + 1);
}

function spread(sorted: Float64Array): TimeLeft {
  const at = (share: number): number => Math.round(sorted[Math.round(share * (sorted.length - 1))] ?? 0);
  return { lowSeconds: at(0.1), likelySeconds: at(0.5), highSeconds: at(0.9) };
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

function queueOf(waiting: readonly Job[]): Queue {
  const starts = new Float64Array(waiting.length);
  const sums = new Float64Array(waiting.length + 1);
  waiting.forEach(({ slice }, at) => {
    starts[at] = slice.startBlock;
    sums[at + 1] = sums[at]! + slice.endBlock - slice.startBlock;
  });
  return { starts, sums };
}

/** Seconds until the host of a held job is free. */
function remaining(job: Job, now: number, draw: Draws): number {
  const { slice, status, blocksPerSecond: rate, lastBlockProcessed, startTime } = job;
  const { before, secondsPerBlock, after } = draw.sample(slice.startBlock);
  const done = Math.max(lastBlockProcessed - slice.startBlock, 0);
  const left = Math.max(slice.endBlock - slice.startBlock - done, 0);
  if (status === 'WORKING' && rate !== null && rate > 0) return (left / rate) * draw.factor() + after;
  const elapsed = Math.max(now - utcSeconds(startTime), 0);
  const toCome = status === 'WORKING' ? 0 : Math.max(before - elapsed, 0);
  return toCome + left * secondsPerBlock + after;
}
