/** Slices of the queue that one host takes at once. */
export interface Batch {
  /** Index of the first one. */
  readonly first: number;
  readonly count: number;
}

/**
 * The queue in the parts in which it is taken.
 *
 * Far from the end hosts take several slices at once, always so few that what remains evens out their
 * ends (guided self-scheduling, Polychronopoulos and Kuck 1987): the result is nearly that of single
 * slices, for a number of steps that grows with the logarithm of their number.
 */
export function batchesOf(waiting: number, hosts: number): Batch[] {
  const batches: Batch[] = [];
  for (let first = 0; first < waiting;) {
    const count = Math.max(1, Math.floor((waiting - first) / (2 * hosts)));
    batches.push({ first, count });
    first += count;
  }
  return batches;
}

/**
 * When the last slice is done, if each host takes what waits longest whenever it is free.
 *
 * @param free when each host is free, at least one; becomes a heap in place. Seconds.
 * @param waiting seconds that each part of the queue takes.
 * @param underWay when the last of the slices is done that are being worked on
 */
export function makespan(
  free: Float64Array,
  waiting: Float64Array,
  underWay = free.reduce((last, end) => Math.max(last, end), 0),
): number {
  free.sort();
  let last = underWay;
  for (const seconds of waiting) {
    const end = free[0]! + seconds;
    if (end > last) last = end;
    replaceFirst(free, end);
  }
  return last;
}

/** Takes the smallest value of a heap away and puts another one in. */
export function replaceFirst(heap: Float64Array, value: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1;
    if (heap[child]! >= value) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = value;
}
