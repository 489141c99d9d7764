import type { PricePoint, Purchase } from './provider.ts';

/**
 * Dollars an hour of a host: those for its type and purchase, else those for its type, else those for any.
 * Pure. null: not known.
 */
export function priceOf(
  prices: readonly PricePoint[],
  type: string | null,
  purchase: Purchase | null,
): number | null {
  const fitting = prices.filter(
    (point) => (point.type ?? type) === type && (point.purchase ?? purchase) === purchase,
  );
  const exactness = ({ type: ofType, purchase: ofPurchase }: PricePoint): number =>
    2 * Number(ofType !== null) + Number(ofPurchase !== null);
  const [best] = fitting.toSorted((a, b) => exactness(b) - exactness(a));
  return best?.pricePerHour ?? null;
}
