import { formatCount } from './count.ts';

/** US dollars for people: `$1,234.50`; a fraction of a dollar down to a hundredth of a cent: `$0.68`, `$0.0416`. */
export function formatUsd(usd: number): string {
  if (usd < 1) return `$${usd.toFixed(4).replace(/0{1,2}$/, '')}`;
  const [whole = '', cents = ''] = usd.toFixed(2).split('.');
  return `$${formatCount(Number(whole))}.${cents}`;
}
