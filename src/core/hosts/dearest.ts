import { priceOf } from './prices.ts';
import type { FleetSettings } from './settings/settings.ts';

/** Dollars an hour of the dearest host that may be launched; null: some price is not known. Pure. */
export function dearest({ provider, prices, ec2 }: FleetSettings): number | null {
  if (provider !== 'ec2') {
    // Machines that are there already cost what is said of them, else nothing.
    const own = prices.filter(({ type }) => type === null || type === provider);
    return Math.max(0, ...own.map(({ pricePerHour }) => pricePerHour));
  }
  const { instanceTypes, priceCap, spotShare } = ec2;
  // What a launch template is of is not known here: only spot hosts are held to the cap by EC2.
  if (instanceTypes.length === 0) return spotShare === 100 ? priceCap : null;
  const known = instanceTypes.map((type) => {
    const onDemand = priceOf(prices, { type, purchase: 'on-demand' });
    // A spot host costs no more than its cap, or than the same host on demand.
    const spot = priceOf(prices, { type, purchase: 'spot' }) ?? onDemand ?? priceCap;
    const usual = spotShare === 100 ? 0 : onDemand;
    const taken = spotShare === 0 ? 0 : spot;
    return usual === null || taken === null ? null : Math.max(usual, taken);
  });
  // Types that cost more on demand than the cap, or whose price is not known, are not asked for.
  if (known.includes(null)) return priceCap;
  const most = Math.max(...known.map(Number));
  return priceCap === null ? most : Math.min(most, priceCap);
}
