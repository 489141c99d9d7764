/** How a number of values lie. In the unit of the values. */
export interface Distribution {
  count: number;
  total: number;
  mean: number;
  median: number;
  p75: number;
  p90: number;
  longest: number;
  /** Of these values themselves (divided by their count), not an estimate for more of their kind. */
  standardDeviation: number;
}

/** Null when there are no values. */
export function distributionOf(values: readonly number[]): Distribution | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  const mean = total / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
  return {
    count: sorted.length,
    total,
    mean,
    median: percentile(sorted, 0.5),
    p75: percentile(sorted, 0.75),
    p90: percentile(sorted, 0.9),
    longest: sorted.at(-1)!,
    standardDeviation: Math.sqrt(variance),
  };
}

/**
 * Between the two nearest values in proportion, as spreadsheets do it (PERCENTILE.INC): the smallest
 * value is at 0, the largest at 1.
 */
function percentile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}
