import { priceOf } from './prices.ts';
import type { FleetSettings } from './settings/settings.ts';

/** Dollars an hour of the dearest host that may be launched; null: some price is not known. Pure. */
export function dearest({ provider, prices, ec2 }: FleetSettings): number | null {
  if (provider !== 'ec2') return 0;
  const { instanceTypes, priceCap, spotShare } = ec2;
  const known = instanceTypes.map((type) => {
    const onDemand = spotShare === 100 ? 0 : priceOf(prices, type, 'on-demand');
    // A spot host costs no more than its cap, or than the same host on demand.
    const spot =
      spotShare === 0 ? 0 : (priceOf(prices, type, 'spot') ?? priceOf(prices, type, 'on-demand') ?? priceCap);
    return onDemand === null || spot === null ? null : Math.max(onDemand, spot);
  });
  if (known.length === 0) return priceCap;
  if (known.includes(null)) return priceCap;
  const most = Math.max(...known.map(Number));
  return priceCap === null ? most : Math.min(most, priceCap);
}
