/**
 * What hosts have cost. The time of a host is that between one sign of life of it and the next, whether
 * or not it had a job then; its money is its time at its price. Amounts are in US dollars.
 */

/** A host that says nothing for longer was off, for all we know: no more than this of a silence counts. */
export const MAX_GAP_MS = 10 * 60_000;

/** Dollars an hour. Nothing costs more, and sums stay numbers. */
export const MAX_PRICE = 10_000;

/** What is counted of one host. */
export interface HostAccount {
  /** Dollars an hour since it last said so; null: not known. */
  readonly pricePerHour: number | null;
  /** Milliseconds that count, with a price or without. */
  readonly countedMs: number;
  /** Those of them for which no price is known. */
  readonly unpricedMs: number;
  /** Of the others. */
  readonly usd: number;
}

export const NEW_ACCOUNT: HostAccount = { pricePerHour: null, countedMs: 0, unpricedMs: 0, usd: 0 };

/** The host was heard from again. @param gapMs since the last time, on a clock that nobody sets */
export function afterGap(account: HostAccount, gapMs: number): HostAccount {
  const ms = Math.min(Math.max(gapMs, 0), MAX_GAP_MS);
  const { pricePerHour, countedMs, unpricedMs, usd } = account;
  if (pricePerHour === null) return { ...account, countedMs: countedMs + ms, unpricedMs: unpricedMs + ms };
  return { ...account, countedMs: countedMs + ms, usd: usd + priceOf(ms, pricePerHour) };
}

/** The host says its price, from now on. What had no price until now gets this one. */
export function withPrice(account: HostAccount, pricePerHour: number | null): HostAccount {
  if (pricePerHour === null) return { ...account, pricePerHour };
  const usd = account.usd + priceOf(account.unpricedMs, pricePerHour);
  return { ...account, pricePerHour, unpricedMs: 0, usd };
}

/** Hosts that were forgotten: what is left of them is their part of the sum. */
export interface FormerHosts {
  readonly usd: number;
  readonly priced: number;
  readonly unpriced: number;
}

export const NO_FORMER_HOSTS: FormerHosts = { usd: 0, priced: 0, unpriced: 0 };

export function withFormer(former: FormerHosts, { pricePerHour, usd }: HostAccount): FormerHosts {
  const priced = pricePerHour !== null;
  return {
    usd: former.usd + usd,
    priced: former.priced + Number(priced),
    unpriced: former.unpriced + Number(!priced),
  };
}

/** What a run has cost so far. */
export interface RunCost {
  readonly usd: number;
  /** Of the hosts that are there now. */
  readonly usdPerHour: number;
  readonly hostsPriced: number;
  /** Hosts whose price is not known: their time is missing in the sum. */
  readonly hostsUnpriced: number;
}

/** An account, and whether its host was heard from lately: then it costs money now. */
export interface CountedHost {
  readonly account: HostAccount;
  readonly isSeen: boolean;
}

/** The cost of a run; null when nothing is known of any price. */
export function costOf(hosts: Iterable<CountedHost>, former: FormerHosts): RunCost | null {
  let { usd, priced, unpriced } = former;
  let usdPerHour = 0;
  for (const { account, isSeen } of hosts) {
    usd += account.usd;
    if (account.pricePerHour === null) unpriced += 1;
    else priced += 1;
    if (isSeen) usdPerHour += account.pricePerHour ?? 0;
  }
  if (priced === 0 && usd === 0) return null;
  return { usd, usdPerHour, hostsPriced: priced, hostsUnpriced: unpriced };
}

function priceOf(ms: number, pricePerHour: number): number {
  return (ms / 3_600_000) * pricePerHour;
}
