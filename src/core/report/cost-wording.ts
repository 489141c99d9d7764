import { formatUsd } from '../format/usd.ts';
import type { CostRecord } from '../protocol/summary-record.ts';

/** `$12.34, $3.20 an hour; 2 hosts without a price`. What nobody pays now is left out. */
export function costText({ usd, usd_per_hour: rate, hosts_unpriced: unpriced }: CostRecord): string {
  const now = rate === 0 ? '' : `, ${formatUsd(rate)} an hour`;
  if (unpriced === 0) return formatUsd(usd) + now;
  return `${formatUsd(usd)}${now}; ${unpriced} ${unpriced === 1 ? 'host' : 'hosts'} without a price`;
}
