/** What one host does next is what waits longest; that is all that a schedule is made of here. */
export interface Waiting {
  readonly count: number;
  /** Seconds for `count` of the slices that wait, from the one at `first` on. */
  seconds(first: number, count: number): number;
}

/**
 * When the last slice is done, if each takes the next slice whenever it is free.
 *
 * Far from the end hosts take several slices at once, always so few that what remains evens out their
 * ends (guided self-scheduling, Polychronopoulos and Kuck 1987): the result is nearly that of single
 * slices, for a number of steps that grows with the logarithm of their number.
 *
 * @param free when each host is free, at least one; sorted in place as a heap. Seconds.
 * @param underWay when the last of the slices is done that are being worked on
 */
export function makespan(free: Float64Array, waiting: Waiting, underWay = free.reduce(later, 0)): number {
  free.sort();
  let last = underWay;
  for (let next = 0; next < waiting.count;) {
    const count = Math.max(1, Math.floor((waiting.count - next) / (2 * free.length)));
    const end = (free[0] ?? 0) + waiting.seconds(next, count);
    last = Math.max(last, end);
    replaceFirst(free, end);
    next += count;
  }
  return last;
}

function later(one: number, other: number): number {
  return Math.max(one, other);
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
