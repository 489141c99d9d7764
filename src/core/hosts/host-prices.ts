import type { PricePoint } from './provider.ts';
import type { FleetSettings } from './settings/settings.ts';

/** Prices that fit into the user data beside all the rest. */
const MOST = 100;

/**
 * The prices that new hosts are told, of which each looks up its own: of what they can be and nothing else.
 * Pure. When there are very many they are told without zones; who finds none does not know its price.
 */
export function hostPrices({ provider, prices, ec2 }: FleetSettings): PricePoint[] {
  if (provider !== 'ec2') return [...prices];
  const { instanceTypes: types, spotShare } = ec2;
  const fitting = prices.filter(({ type, purchase }) => {
    if (purchase === (spotShare === 0 ? 'spot' : spotShare === 100 ? 'on-demand' : null)) return false;
    return type === null || types.length === 0 || types.includes(type);
  });
  if (fitting.length <= MOST) return fitting;
  return fitting.filter(({ zone }) => zone === undefined).slice(0, MOST);
}
