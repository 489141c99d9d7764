import type { Sample } from './samples.ts';

/**
 * How the time of a block changes along the chain: the slope of its logarithm, per block number, with the
 * standard deviation that is left of it.
 */
export interface Trend {
  readonly slope: number;
  readonly deviation: number;
}

/**
 * What is believed before anything is known: from one end of the run to the other the time of a block
 * changes by a factor of 2 or less, in two runs of three. Blocks of a young chain are nearly empty.
 */
const PRIOR_DEVIATION = Math.LN2;

/** Samples that agree by chance do not make certain. */
const LEAST_VARIANCE = 0.05 ** 2;

/**
 * Linear regression with that belief as its prior (a Bayesian ridge): few samples, or samples of one end
 * of the chain, leave the other end uncertain.
 *
 * @param blocks from the first block of the run to its last.
 */
export function trendOf(samples: readonly Sample[], blocks: number): Trend {
  const usable = samples.filter(({ secondsPerBlock }) => secondsPerBlock > 0);
  const count = Math.max(usable.length, 1);
  const meanX = usable.reduce((sum, { startBlock }) => sum + startBlock, 0) / count;
  const meanY = usable.reduce((sum, { secondsPerBlock }) => sum + Math.log(secondsPerBlock), 0) / count;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const { startBlock, secondsPerBlock } of usable) {
    const x = (startBlock - meanX) / Math.max(blocks, 1);
    const y = Math.log(secondsPerBlock) - meanY;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  const explained = xx > 0 ? (xy * xy) / xx : 0;
  const variance = Math.max((yy - explained) / Math.max(count - 2, 1), LEAST_VARIANCE);
  const precision = xx / variance + 1 / PRIOR_DEVIATION ** 2;
  const scale = 1 / Math.max(blocks, 1);
  return { slope: (xy / variance / precision) * scale, deviation: Math.sqrt(1 / precision) * scale };
}

/**
 * The slope that the true one is below with a probability between 0 and 1. So that of all plays together covers
 * what the samples allow evenly, which chance would do with many more of them.
 */
export function slopeAt({ slope, deviation }: Trend, probability: number): number {
  return slope + deviation * normalQuantile(probability);
}

/** Tukey's lambda distribution with 0.14 comes within 0.01 of the normal one. */
function normalQuantile(probability: number): number {
  return 4.91 * (probability ** 0.14 - (1 - probability) ** 0.14);
}
