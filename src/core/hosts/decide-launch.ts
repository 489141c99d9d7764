import { UserError } from '../domain/user-error.ts';
import { decideUp, type Decision, type Money } from './decide-up.ts';
import { isUp, type FleetHostView } from './fleet-view.ts';
import { othersOf, type RunFacts } from './run-facts.ts';
import { moneyOf } from './money.ts';
import type { FleetSettings } from './settings/settings.ts';

/** What a person asks for. */
export interface Wanted {
  readonly count: number | 'auto';
  /** 0: whatever can be had. */
  readonly atLeast: number;
}

/** The fleet and the run, as far as they could be seen. */
export interface SeenFleet {
  readonly views: readonly FleetHostView[];
  /** null: the orchestrator could not be asked. */
  readonly facts: RunFacts | null;
  /** As in Wish. */
  readonly usable?: number | null;
}

/**
 * How many hosts are launched for a person who asks for so many. Pure.
 * @throws UserError when less can be launched than the least that is of use, or nothing for want of money
 */
export function decideLaunch(
  settings: FleetSettings,
  { views, facts, usable = null }: SeenFleet,
  wanted: Wanted,
): Decision {
  const money = moneyOf(settings, views, facts);
  const decision = decideUp({
    count: wanted.count,
    openJobs: facts?.openJobs ?? null,
    usable,
    others: othersOf(views, facts),
    up: views.filter(({ host }) => isUp(host)).length,
    maxHosts: settings.maxHosts,
    money,
  });
  const { count, notes } = decision;
  const refused = wanted.count !== 'auto' && count === 0;
  if (!refused && count >= wanted.atLeast) return decision;
  const launched = count === 0 ? 'No host is' : `Only ${count} ${count === 1 ? 'host' : 'hosts'} could be`;
  throw new UserError({
    code: 'HOSTS_LIMIT',
    message: `${launched} launched: ${notes.join('; ')}.`,
    hint: isPriced(money)
      ? '--max-hosts and --budget raise the limits; `replay hosts list` shows what is there.'
      : 'Say in prices what they cost, or have it fetched (ec2.fetch_prices); `replay hosts list` shows what is there.',
  });
}

function isPriced(money: Money | null): boolean {
  return money === null || (money.pricePerHour !== null && money.unpriced === 0);
}
