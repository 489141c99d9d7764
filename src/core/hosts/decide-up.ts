/** How many hosts to launch. Pure. */

import { formatUsd } from '../format/usd.ts';

export interface Wish {
  /** As many as open jobs can use: `auto`. */
  readonly count: number | 'auto';
  /** Jobs that wait or are held; null: not known. */
  readonly openJobs: number | null;
  /** Hosts that would still get a job if they were launched now; null: that cannot be told yet. */
  readonly usable: number | null;
  /** Hosts that are not of the fleet and take jobs, too. */
  readonly others: number;
  /** Hosts of the fleet that are there or coming. */
  readonly up: number;
  readonly maxHosts: number;
  readonly money: Money | null;
}

/** What may be spent, and what is. US dollars. */
export interface Money {
  readonly budget: number;
  readonly spent: number;
  /** An hour, of the hosts that are there. */
  readonly ratePerHour: number;
  /** Hosts that are there and that ratePerHour leaves out, because their price is not known. */
  readonly unpriced: number;
  /** An hour, of the dearest host that may be launched; null: not known. */
  readonly pricePerHour: number | null;
  /** How long the hosts will be needed, as far as that can be told. */
  readonly hours: number;
}

export interface Decision {
  readonly count: number;
  /** Why it is less than was wished for, a line each. */
  readonly notes: readonly string[];
}

/** Without an estimate of the time that is left, hosts are taken to be needed for so long. */
export const HOURS_UNLESS_KNOWN = 1;

/**
 * How many hosts are launched of those that are wished for: no more than the limit leaves room for, than open
 * jobs can use (for `auto`), and than the budget pays for until the run is expected to end.
 */
export function decideUp(wish: Wish): Decision {
  const { count: wished, openJobs, usable, others, up, maxHosts, money } = wish;
  const notes: string[] = [];
  const idea = Math.max((openJobs ?? 0) - up - others, 0);
  let count = wished === 'auto' ? idea : wished;
  const limit = (most: number, why: string): void => {
    if (count > most) notes.push(why);
    count = Math.min(count, most);
  };
  if (wished === 'auto') {
    if (idea === 0) notes.push(`${up + others} hosts are there for ${openJobs ?? 0} open jobs`);
    limit(usable ?? idea, usableNote(usable ?? idea));
  }
  limit(Math.max(maxHosts - up, 0), `max_hosts is ${maxHosts}, and ${up} are there`);
  if (money !== null && count > 0) limit(affordable(money), moneyNote(money));
  return { count, notes };
}

function usableNote(usable: number): string {
  if (usable === 0) return 'no host that is launched now would still get a job';
  return `only ${usable} more ${usable === 1 ? 'host' : 'hosts'} would still get a job`;
}

/** How many more hosts the budget pays for, those that are there included in what is spent until then. */
export function affordable({ budget, spent, ratePerHour, unpriced, pricePerHour, hours }: Money): number {
  const left = budget - spent - ratePerHour * hours;
  if (left <= 0 || pricePerHour === null || unpriced > 0) return 0;
  if (pricePerHour === 0) return Number.MAX_SAFE_INTEGER;
  // 0.3 dollars pay for three hosts of 0.1, whatever binary fractions make of it.
  return Math.floor(left / (pricePerHour * hours) + 1e-9);
}

function moneyNote({ budget, spent, ratePerHour, unpriced, pricePerHour, hours }: Money): string {
  const unknown = unpriced === 1 ? 'of a host that is there' : `of ${unpriced} hosts that are there`;
  if (pricePerHour === null || unpriced > 0) {
    const whose = pricePerHour === null ? 'of the hosts' : unknown;
    return `the budget of $${budget} cannot be kept: the price ${whose} is not known (settings: prices, ec2.fetch_prices)`;
  }
  const sum = `${formatUsd(spent)} are spent, and the hosts that are there cost ${formatUsd(ratePerHour)} an hour`;
  return `the budget of $${budget} would be passed: ${sum}, a new one ${formatUsd(pricePerHour)}, for ${hours.toFixed(1)} h more`;
}
