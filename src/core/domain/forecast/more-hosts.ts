/**
 * What more hosts would do for a run. A host that is launched now comes when it has booted, and until then the
 * hosts that are there go on taking jobs: it is worth its money only if a job is left for it. Pure.
 */
import { replaceFirst } from './list-schedule.ts';
import { playOf, type Rest } from './rest.ts';
import { timeLeftOf, type TimeLeft } from './time-left.ts';

/** Hosts beyond those that are at work. */
export interface OtherHosts {
  /** Hosts that are there and have no job. */
  readonly idle: number;
  /** Seconds until each of those is there that are coming. */
  readonly arriving: readonly number[];
}

export interface MoreHosts {
  /** Hosts that would still get a job if they were launched now. */
  readonly usable: number;
  /** Until the run ends without any more; null: it does not, nobody is there. */
  readonly without: TimeLeft | null;
  /** Hosts that are launched. */
  readonly count: number;
  /** And with those. */
  readonly withMore: TimeLeft | null;
}

/** Nobody launches more at once. */
export const MOST_HOSTS = 1000;

/** Steps in all: what the number may cost. */
const STEPS = 300_000;
const MIN_PLAYS = 5;
const MAX_PLAYS = 60;

/**
 * @param bootSeconds until a host that is launched now takes a job
 * @param asked of hosts that are launched; null: as many as are usable, MOST_HOSTS at most
 */
export function moreHosts(
  rest: Rest,
  others: OtherHosts,
  { bootSeconds, asked }: { bootSeconds: number; asked: number | null },
): MoreHosts {
  const there = [...zeroes(others.idle), ...others.arriving];
  const usable = usableHosts(rest, there, bootSeconds);
  const count = asked ?? Math.min(usable, MOST_HOSTS);
  const more = Array.from({ length: count }, () => bootSeconds);
  return {
    usable,
    without: timeLeftOf(rest, there),
    count,
    withMore: timeLeftOf(rest, [...there, ...more]),
  };
}

/**
 * How many hosts would still get a job if they came in so many seconds: as many as there are slices that the
 * others have not begun by then. The rest of the run is played some times, and the number in the middle counts.
 * It is never more than what waits, and never more when they come later.
 * @param there seconds until each of the others is free that is not at work
 */
export function usableHosts(rest: Rest, there: readonly number[], bootSeconds: number): number {
  const { waiting } = rest;
  if (waiting === 0) return 0;
  const plays = Math.min(Math.max(Math.floor(STEPS / waiting), MIN_PLAYS), MAX_PLAYS);
  const left = Array.from({ length: plays }, (_, at) => leftAt(rest, there, bootSeconds, [at + 1, plays]));
  return left.toSorted((one, other) => one - other)[Math.floor((plays - 1) / 2)] ?? 0;
}

/** Slices that nobody has begun after so many seconds of one play. A host that is there is quicker than one that comes. */
function leftAt(
  rest: Rest,
  there: readonly number[],
  seconds: number,
  play: readonly [number: number, plays: number],
): number {
  const { draw, free: busy } = playOf(rest, ...play);
  const { starts, sums } = rest.queue;
  const free = Float64Array.from([...busy, ...there]).toSorted();
  if (free.length === 0) return rest.waiting;
  let next = 0;
  for (; next < rest.waiting && free[0]! <= seconds; next += 1) {
    replaceFirst(free, free[0]! + draw.seconds(1, sums[next + 1]! - sums[next]!, starts[next]!));
  }
  return rest.waiting - next;
}

function zeroes(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}
