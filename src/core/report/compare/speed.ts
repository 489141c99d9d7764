import { distributionOf } from '../distribution.ts';
import type { ComparedSlice, SpeedTotals } from './comparison.ts';

export function speedOf(slices: readonly ComparedSlice[]): SpeedTotals {
  const totals = { slices: 0, durationMsA: 0, durationMsB: 0 };
  for (const { a, b } of slices) {
    const [ofA, ofB] = [a?.durationMs ?? null, b?.durationMs ?? null];
    if (ofA === null || ofB === null) continue;
    totals.slices += 1;
    totals.durationMsA += ofA;
    totals.durationMsB += ofB;
  }
  const ratios = distributionOf(slices.flatMap(({ speedRatio }) => speedRatio ?? []));
  return { ...totals, medianRatio: ratios?.median ?? null };
}
