/**
 * The course of a run in a bounded number of points: enough for a plot, however long it takes. Every point
 * is a stretch of time of one length; when there are too many, neighbours become one and the length doubles.
 * Where nothing was recorded there are no points.
 */
export interface HistoryPoint {
  /** Of the newest sample in it. Seconds since 1970. */
  readonly time: number;
  /** How long the samples in it are in all. */
  readonly seconds: number;
  readonly blocksProcessed: number;
  /** The mean, and the most. */
  readonly blocksPerSecond: number;
  readonly blocksPerSecondMax: number;
  readonly jobsDone: number;
  readonly jobsFailed: number;
  readonly jobsHeld: number;
  /** The mean. */
  readonly hosts: number;
  /** Dollars; null: not known. */
  readonly costUsd: number | null;
}

export const SAMPLE_SECONDS = 10;
export const MAX_POINTS = 2000;

export class History {
  #intervalSeconds: number;
  #points: HistoryPoint[] = [];

  constructor(intervalSeconds: number = SAMPLE_SECONDS) {
    this.#intervalSeconds = intervalSeconds;
  }

  /** Oldest first. */
  get points(): readonly HistoryPoint[] {
    return this.#points;
  }

  /** Length of the stretch of time that a point stands for. */
  get intervalSeconds(): number {
    return this.#intervalSeconds;
  }

  /**
   * Adds a sample, or a point that was kept. What lies behind it was said by a clock that was ahead, and is
   * forgotten.
   *
   * @returns whether points became fewer for it
   */
  add(point: HistoryPoint): boolean {
    const before = this.#points.length;
    while (this.#stretchOf(this.#points.at(-1)) > this.#stretchOf(point)) this.#points.pop();
    this.#put(point);
    while (this.#points.length > MAX_POINTS) this.#thin();
    return this.#points.length < before;
  }

  #put(point: HistoryPoint): void {
    const last = this.#points.at(-1);
    const same = last !== undefined && this.#stretchOf(last) === this.#stretchOf(point);
    if (same) this.#points[this.#points.length - 1] = merge(last, point);
    else this.#points.push(point);
  }

  #thin(): void {
    this.#intervalSeconds *= 2;
    const points = this.#points;
    this.#points = [];
    for (const point of points) this.#put(point);
  }

  #stretchOf(point: HistoryPoint | undefined): number {
    return point === undefined ? -1 : Math.floor(point.time / this.#intervalSeconds);
  }
}

function merge(one: HistoryPoint, next: HistoryPoint): HistoryPoint {
  const seconds = one.seconds + next.seconds;
  const mean = (a: number, b: number): number =>
    seconds > 0 ? (a * one.seconds + b * next.seconds) / seconds : b;
  return {
    ...next,
    time: Math.max(one.time, next.time),
    seconds,
    blocksPerSecond: mean(one.blocksPerSecond, next.blocksPerSecond),
    blocksPerSecondMax: Math.max(one.blocksPerSecondMax, next.blocksPerSecondMax),
    hosts: mean(one.hosts, next.hosts),
  };
}

/** Whether a sample says anything: somebody is at work, or something is not as it was. */
export function isWorthKeeping(sample: HistoryPoint, last: HistoryPoint | undefined): boolean {
  if (last === undefined || sample.jobsHeld > 0 || sample.hosts > 0) return true;
  const fields = ['blocksProcessed', 'jobsDone', 'jobsFailed', 'jobsHeld', 'hosts'] as const;
  return fields.some((field) => sample[field] !== last[field]);
}

/** So many stretches without a point are a gap; one alone is a timer that was late. */
const GAP = 3;

/** The points with null between those that have a gap between them. */
export function withGaps(history: Pick<History, 'points' | 'intervalSeconds'>): (HistoryPoint | null)[] {
  const { points, intervalSeconds } = history;
  return points.flatMap((point, at) => {
    const last = points[at - 1];
    const isGap = last !== undefined && point.time - last.time >= GAP * intervalSeconds;
    return isGap ? [null, point] : [point];
  });
}
