import { HOURS_UNLESS_KNOWN, type Money } from './decide-up.ts';

export interface BudgetedDecision<Decision> {
  /** null: there is none. */
  readonly money: Money | null;
  /** What is decided with that much money. */
  readonly decide: (money: Money | null) => Decision;
  /** Hosts that are launched by it. */
  readonly countOf: (decision: Decision) => number;
  /** Until the run ends with so many more hosts; null: that cannot be told yet. */
  readonly hoursWith: (count: number) => Promise<number | null>;
}

/**
 * Decides how many hosts a budget pays for. How long they are needed depends on how many they are: more of them cost more
 * an hour, and are done sooner. So the greatest number is looked for that is paid for until the end that it brings about
 * itself. While that end cannot be told, `money.hours` counts.
 */
export async function withinBudget<Decision>(parts: BudgetedDecision<Decision>): Promise<Decision> {
  const { money, decide, countOf, hoursWith } = parts;
  const wished = countOf(decide(null));
  if (money === null || wished === 0) return decide(money);
  let [most, tooMany, tried] = [0, wished + 1, wished];
  let best: Decision | null = null;
  while (tooMany - most > 1) {
    const hours = await hoursWith(tried);
    if (hours === null) return decide(money);
    const decision = decide({ ...money, hours: Math.max(hours, HOURS_UNLESS_KNOWN) });
    const paid = countOf(decision);
    // With more of them it takes no longer: what is paid for beyond those is paid for in any case.
    if (paid >= tried) most = paid;
    else tooMany = tried;
    if (paid >= tried || best === null || most === 0) best = decision;
    tried = Math.floor((most + tooMany) / 2);
  }
  return best ?? decide(money);
}
