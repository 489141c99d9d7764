import { DIFFERENCES, type ComparedSlice } from './comparison.ts';

/** What differs first, each kind in the order of its blocks. */
export function byDifference(slices: readonly ComparedSlice[]): ComparedSlice[] {
  const rank = ({ difference }: ComparedSlice): number => DIFFERENCES.indexOf(difference);
  return slices.toSorted((one, other) => rank(one) - rank(other));
}
