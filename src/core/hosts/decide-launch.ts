import { UserError } from '../domain/user-error.ts';
import { decideUp, type Decision, type Money } from './decide-up.ts';
import { isUp, type FleetHostView } from './fleet-view.ts';
import { othersOf, type RunFacts } from './run-facts.ts';
import { moneyOf } from './money.ts';
import type { FleetSettings } from './settings/settings.ts';
import { withinBudget } from './within-budget.ts';

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
}

/** What the orchestrator says of more hosts; null each: that cannot be told yet. */
export interface Prospects {
  /** Hosts that would still get a job if they were launched now. */
  readonly usable: () => Promise<number | null>;
  /** Until the run ends with so many more hosts. */
  readonly hoursWith: (count: number) => Promise<number | null>;
}

/**
 * How many hosts are launched for a person who asks for so many.
 * @throws UserError when less can be launched than the least that is of use, or nothing for want of money
 */
export async function decideLaunch(
  settings: FleetSettings,
  { views, facts }: SeenFleet,
  prospects: Prospects,
  wanted: Wanted,
): Promise<Decision> {
  const money = moneyOf(settings, views, facts);
  const wish = {
    count: wanted.count,
    openJobs: facts?.openJobs ?? null,
    usable: wanted.count === 'auto' ? await prospects.usable() : null,
    others: othersOf(views, facts),
    up: views.filter(({ host }) => isUp(host)).length,
    maxHosts: settings.maxHosts,
  };
  const decision = await withinBudget({
    money,
    decide: (some) => decideUp({ ...wish, money: some }),
    countOf: ({ count }) => count,
    hoursWith: prospects.hoursWith,
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
