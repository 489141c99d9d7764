/**
 * How long a run still takes, and how sure that is. The rest of the run is played through some dozens of
 * times: the hosts at work take one waiting slice after the other, and each slice takes a time like those
 * that the run has seen, with the trend along the chain that they show. The run is over when the last slice
 * is, so the tail is in it: at the end most hosts have nothing left to do.
 */
import type { Job } from '../job.ts';
import type { JobOrder } from '../schedule.ts';
import { isHeld } from '../transition.ts';
import { makespan } from './list-schedule.ts';
import { partsOf } from './queue.ts';
import { playOf, restOf, type Rest } from './rest.ts';

/** Seconds until no job waits or is held any more. Four runs of five end between low and high. */
export interface TimeLeft {
  readonly lowSeconds: number;
  readonly likelySeconds: number;
  readonly highSeconds: number;
}

/** Hosts and parts of the queue in all plays: what an estimate may cost. */
const STEPS = 20_000;
const MIN_PLAYS = 20;
const MAX_PLAYS = 60;

/**
 * @param order in which waiting jobs are given to hosts.
 * @returns null while too little is known: fewer than ENOUGH_SAMPLES samples, or nobody at work.
 */
export function timeLeft(jobs: readonly Job[], now: Date, order: JobOrder): TimeLeft | null {
  if (!jobs.some(({ status }) => isHeld(status))) return null;
  const rest = restOf(jobs, now, order);
  return rest && timeLeftOf(rest, []);
}

/**
 * The time that is left of a run, for the hosts at work and others.
 * @param others seconds from now, for each of them, at which it is free
 * @returns null when there is no host at all, and something waits
 */
export function timeLeftOf(rest: Rest, others: readonly number[]): TimeLeft | null {
  const hosts = rest.held.length + others.length;
  if (hosts === 0) return rest.waiting === 0 ? { lowSeconds: 0, likelySeconds: 0, highSeconds: 0 } : null;
  const parts = partsOf(rest.queue, hosts);
  const plays = playsFor(hosts + parts.counts.length);
  const ends = Float64Array.from({ length: plays }, (_, at) => {
    const { draw, free } = playOf(rest, at + 1, plays);
    const underWay = free.reduce((last, end) => Math.max(last, end), 0);
    return makespan(Float64Array.from([...free, ...others]), draw.parts(parts), underWay);
  });
  return spread(ends.toSorted());
}

/** As many as may be made. */
function playsFor(steps: number): number {
  return Math.min(Math.max(Math.floor(STEPS / steps), MIN_PLAYS), MAX_PLAYS);
}

function spread(sorted: Float64Array): TimeLeft {
  const at = (share: number): number => Math.round(quantile(sorted, share));
  return { lowSeconds: at(0.1), likelySeconds: at(0.5), highSeconds: at(0.9) };
}

/**
 * Below this, one more play would end with that probability: of n plays, the k-th ends at the share k / (n + 1).
 * What is nearest among few plays would tell too narrow an interval.
 */
function quantile(sorted: Float64Array, share: number): number {
  const place = Math.min(Math.max(share * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (high - low) * (place - below);
}
