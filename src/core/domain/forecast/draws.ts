import type { Parts } from './queue.ts';
import type { Experience } from './samples.ts';

/** By how much the rate of a slice that is being replayed goes on to differ from what it is now. */
const RATE_SPREAD = 0.15;

/** Of many slices at once the mean of a few draws is taken. */
const DRAWS = 4;

/** From this many on, fewer drawn ones say as much. */
const MAX_BELIEVED = 200;

/** Attempts at one slice that fail, at most. */
const MAX_FAILED = 5;

/** What a slice that is still under way may take. Seconds. */
export interface DrawnSlice {
  readonly before: number;
  readonly secondsPerBlock: number;
  readonly after: number;
}

/**
 * Times of slices that are yet to come in one play. A play believes in some of the samples only, drawn
 * with repetition, and in one trend out of those that they allow: so the estimate is as uncertain as few
 * samples make it (the bootstrap).
 */
export class Draws {
  readonly #random: () => number;
  readonly #wasted: readonly number[];
  readonly #wastedShare: number;
  readonly #slope: number;
  readonly #origin: number;
  /** Of the samples that are believed: seconds before and after the blocks, and for one block at the origin. */
  readonly #before: Float64Array;
  readonly #after: Float64Array;
  readonly #perBlock: Float64Array;

  /**
   * @param experience with at least one sample
   * @param slope of the trend that is believed (trend.ts)
   * @param random from 0 up to 1
   */
  constructor({ samples, wasted, wastedShare }: Experience, slope: number, random: () => number) {
    this.#random = random;
    this.#wasted = wasted;
    this.#wastedShare = wastedShare;
    const count = Math.min(samples.length, MAX_BELIEVED);
    const believed = Uint32Array.from({ length: count }, () => this.#index(samples.length));
    this.#slope = slope;
    this.#origin = samples[0]!.startBlock;
    this.#before = new Float64Array(count);
    this.#after = new Float64Array(count);
    this.#perBlock = new Float64Array(count);
    for (let at = 0; at < count; at += 1) {
      const { before, after, secondsPerBlock, startBlock } = samples[believed[at]!]!;
      this.#before[at] = before;
      this.#after[at] = after;
      this.#perBlock[at] = secondsPerBlock / this.#growth(startBlock);
    }
  }

  /** A slice like those that were seen, at its place on the chain. */
  slice(startBlock: number): DrawnSlice {
    const seen = this.#index(this.#before.length);
    return {
      before: this.#before[seen]!,
      secondsPerBlock: this.#perBlock[seen]! * this.#growth(startBlock),
      after: this.#after[seen]!,
    };
  }

  /** About 1. */
  factor(): number {
    return Math.exp(RATE_SPREAD * this.#normal());
  }

  /** Seconds for each part of the queue. */
  parts({ counts, blocks, starts }: Parts): Float64Array {
    const seconds = new Float64Array(counts.length);
    for (let part = 0; part < counts.length; part += 1) {
      seconds[part] = this.seconds(counts[part]!, blocks[part]!, starts[part]!);
    }
    return seconds;
  }

  /** For so many slices with so many blocks in all, one after the other, around a place on the chain. */
  seconds(slices: number, blocks: number, startBlock: number): number {
    const draws = Math.min(slices, DRAWS);
    let around = 0;
    let perBlock = 0;
    for (let drawn = 0; drawn < draws; drawn += 1) {
      const seen = this.#index(this.#before.length);
      around += this.#before[seen]! + this.#after[seen]! + this.#waste();
      perBlock += this.#perBlock[seen]!;
    }
    return (around * slices + perBlock * this.#growth(startBlock) * blocks) / draws;
  }

  /** By how much a block there takes longer than one at the origin, after the trend. */
  #growth(startBlock: number): number {
    return Math.exp(this.#slope * (startBlock - this.#origin));
  }

  /** Seconds of attempts that fail before one does not. */
  #waste(): number {
    let seconds = 0;
    if (this.#wastedShare === 0) return seconds;
    for (let failed = 0; failed < MAX_FAILED && this.#random() < this.#wastedShare; failed += 1) {
      seconds += this.#wasted[this.#index(this.#wasted.length)]!;
    }
    return seconds;
  }

  /** The sum of three has a standard deviation of a half, and nearly the shape of the normal distribution. */
  #normal(): number {
    return 2 * (this.#random() + this.#random() + this.#random() - 1.5);
  }

  #index(length: number): number {
    return Math.floor(this.#random() * length);
  }
}
