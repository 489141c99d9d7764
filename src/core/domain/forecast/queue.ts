import type { Job } from '../job.ts';
import { batchesOf } from './list-schedule.ts';

/** What waits, in the order in which it is handed out. */
export interface Queue {
  readonly starts: Float64Array;
  /** Blocks of the first n slices, for every n. */
  readonly sums: Float64Array;
}

/** What waits, in the parts in which hosts take it: one value of each for every part. */
export interface Parts {
  /** Slices. */
  readonly counts: Float64Array;
  /** Of all its slices. */
  readonly blocks: Float64Array;
  /** Where on the chain the slice in its middle starts. */
  readonly starts: Float64Array;
}

export function queueOf(waiting: readonly Job[]): Queue {
  const starts = new Float64Array(waiting.length);
  const sums = new Float64Array(waiting.length + 1);
  for (const [at, { slice }] of waiting.entries()) {
    starts[at] = slice.startBlock;
    sums[at + 1] = sums[at]! + slice.endBlock - slice.startBlock;
  }
  return { starts, sums };
}

/** The same for every play: how a queue is cut depends on nothing that is drawn. */
export function partsOf({ starts, sums }: Queue, hosts: number): Parts {
  const batches = batchesOf(starts.length, hosts);
  return {
    counts: Float64Array.from(batches, ({ count }) => count),
    blocks: Float64Array.from(batches, ({ first, count }) => sums[first + count]! - sums[first]!),
    starts: Float64Array.from(batches, ({ first, count }) => starts[first + Math.floor(count / 2)]!),
  };
}
