import type { Experience, Sample } from './samples.ts';
import type { Trend } from './trend.ts';

/** What waits, in the order in which it is handed out. */
export interface Queue {
  readonly starts: Float64Array;
  /** Blocks of the first n slices, for every n. */
  readonly sums: Float64Array;
}

/** By how much the rate of a slice that is being replayed goes on to differ from what it is now. */
const RATE_SPREAD = 0.15;

/** Of many slices at once the mean of a few draws is taken. */
const DRAWS = 4;

/** From this many on, fewer drawn ones say as much. */
const MAX_BELIEVED = 200;

/**
 * Times of slices that are yet to come in one play. A play believes in some of the samples only, drawn
 * with repetition, and in one trend out of those that they allow: so the estimate is as uncertain as few
 * samples make it (the bootstrap).
 */
export class Draws {
  readonly #experience: Experience;
  readonly #random: () => number;
  readonly #believed: readonly Sample[];
  readonly #slope: number;

  /** @param random from 0 up to 1 */
  constructor(experience: Experience, trend: Trend, random: () => number) {
    this.#experience = experience;
    this.#random = random;
    const { samples } = experience;
    const count = Math.min(samples.length, MAX_BELIEVED);
    this.#believed = Array.from({ length: count }, () => this.#one(samples));
    this.#slope = trend.slope + trend.deviation * this.#normal();
  }

  /** A slice like those that were seen, at its place on the chain. */
  sample(startBlock: number): Sample {
    const seen = this.#one(this.#believed);
    return { ...seen, startBlock, secondsPerBlock: this.#perBlock(seen, startBlock) };
  }

  #perBlock(seen: Sample, startBlock: number): number {
    return seen.secondsPerBlock * Math.exp(this.#slope * (startBlock - seen.startBlock));
  }

  /** About 1. */
  factor(): number {
    return Math.exp(RATE_SPREAD * this.#normal());
  }

  /** Seconds for so many slices of the queue. */
  slices({ starts, sums }: Queue, first: number, count: number): number {
    const draws = Math.min(count, DRAWS);
    const blocks = sums[first + count]! - sums[first]!;
    let sum = 0;
    for (let drawn = 0; drawn < draws; drawn += 1) {
      const start = starts[first + Math.floor(((drawn + 0.5) * count) / draws)]!;
      const seen = this.#one(this.#believed);
      sum += (seen.before + seen.after + this.#waste()) * count + this.#perBlock(seen, start) * blocks;
    }
    return sum / draws;
  }

  /** Seconds of attempts that fail before one does not. */
  #waste(): number {
    const { wasted, wastedShare } = this.#experience;
    let seconds = 0;
    for (let failed = 0; failed < 5 && this.#random() < wastedShare; failed += 1) {
      seconds += this.#one(wasted);
    }
    return seconds;
  }

  /** The sum of three has a standard deviation of a half, and nearly the shape of the normal distribution. */
  #normal(): number {
    return 2 * (this.#random() + this.#random() + this.#random() - 1.5);
  }

  #one<T>(values: readonly T[]): T {
    return values[Math.floor(this.#random() * values.length)]!;
  }
}
