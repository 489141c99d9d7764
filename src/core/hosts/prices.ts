import type { PricePoint, Purchase } from './provider.ts';

/** What a host is, as far as its price depends on it. */
export interface Priced {
  readonly type: string | null;
  readonly purchase: Purchase | null;
  /** null: not known, and the price for any zone is taken. */
  readonly zone?: string | null;
}

/**
 * Dollars an hour of a host: those for its type, purchase and zone, else those that say less of it. Pure.
 * Of prices that say as much the first counts. null: not known.
 */
export function priceOf(
  prices: readonly PricePoint[],
  { type, purchase, zone = null }: Priced,
): number | null {
  const fitting = prices.filter(
    (point) =>
      (point.type ?? type) === type &&
      (point.purchase ?? purchase) === purchase &&
      (point.zone ?? zone) === zone,
  );
  const [best] = fitting.toSorted((a, b) => exactness(b) - exactness(a));
  return best?.pricePerHour ?? null;
}

/** How much a price says of the hosts that it is for. Pure. */
export function exactness({ type, purchase, zone }: PricePoint): number {
  return 4 * Number(type !== null) + 2 * Number(purchase !== null) + Number(zone !== undefined);
}

/** The prices of the settings, and of those that were fetched what they leave open. Pure. */
export function withFetched(
  prices: readonly PricePoint[],
  fetched: readonly PricePoint[],
): readonly PricePoint[] {
  return [...prices, ...fetched.filter((point) => priceOf(prices, point) === null)];
}
