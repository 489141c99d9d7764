/**
 * How long a run still takes, and how sure that is. The rest of the run is played through some dozens of
 * times: the hosts at work take one waiting slice after the other, and each slice takes a time like those
 * that the run has seen, with the trend along the chain that they show. The run is over when the last slice
 * is, so the tail is in it: at the end most hosts have nothing left to do.
 */
import type { Job } from '../job.ts';
import type { JobOrder } from '../schedule.ts';
import { makespan } from './list-schedule.ts';
import { playOf, restOf, type Rest } from './rest.ts';

/** Seconds until no job waits or is held any more. Four runs of five end between low and high. */
export interface TimeLeft {
  readonly lowSeconds: number;
  readonly likelySeconds: number;
  readonly highSeconds: number;
}

/** Steps of a schedule in all: what an estimate may cost. */
const STEPS = 60_000;
const MIN_PLAYS = 20;
const MAX_PLAYS = 200;

/**
 * @param order in which waiting jobs are given to hosts.
 * @returns null while too little is known: fewer than ENOUGH_SAMPLES samples, or nobody at work.
 */
export function timeLeft(jobs: readonly Job[], now: Date, order: JobOrder): TimeLeft | null {
  const rest = restOf(jobs, now, order);
  return rest === null || rest.held.length === 0 ? null : timeLeftOf(rest, []);
}

/**
 * The time that is left of a run, for the hosts at work and others.
 * @param others seconds from now, for each of them, at which it is free
 * @returns null when there is no host at all, and something waits
 */
export function timeLeftOf(rest: Rest, others: readonly number[]): TimeLeft | null {
  const hosts = rest.held.length + others.length;
  if (hosts === 0) return rest.waiting === 0 ? { lowSeconds: 0, likelySeconds: 0, highSeconds: 0 } : null;
  const ends = plays(rest.waiting, hosts).map((seed) => {
    const { draw, free } = playOf(rest, seed);
    const seconds = (first: number, count: number): number => draw.slices(rest.queue, first, count);
    const underWay = free.reduce((last, end) => Math.max(last, end), 0);
    return makespan(Float64Array.from([...free, ...others]), { count: rest.waiting, seconds }, underWay);
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
