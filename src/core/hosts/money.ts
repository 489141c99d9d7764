import type { FleetHostView } from './fleet-view.ts';
import { isUp } from './fleet-view.ts';
import { dearest } from './dearest.ts';
import { HOURS_UNLESS_KNOWN, type Money } from './decide-up.ts';
import type { ProvidedHost } from './provider.ts';
import type { RunFacts } from './run-facts.ts';
import type { FleetSettings } from './settings/settings.ts';

/** What the hosts that are there cost an hour, as far as their prices are known. Pure. */
export function rateOf(views: readonly FleetHostView[]): number {
  return views.reduce((sum, { host }) => sum + (isUp(host) ? (host.pricePerHour ?? 0) : 0), 0);
}

/** What the hosts of the fleet have cost that their place still tells. Pure. */
export function costOf(views: readonly FleetHostView[]): number {
  return views.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
}

/** A host without the number of a run is counted, to be safe. */
function isOfRun({ run }: ProvidedHost, facts: RunFacts | null): boolean {
  return run === null || facts === null || run === facts.run;
}

/**
 * US dollars that the run has cost so far. The orchestrator counts hosts from their first word to their last, also
 * those that are gone for long; the place counts them from their launch, also those that never spoke: of each host
 * that both know the greater cost counts. Pure.
 */
export function spentOf(views: readonly FleetHostView[], facts: RunFacts | null): number {
  const unheard = views
    .filter(({ host }) => isOfRun(host, facts))
    .map(({ costUsd, record }) => Math.max((costUsd ?? 0) - (record?.cost_usd ?? 0), 0));
  return (facts?.spent ?? 0) + unheard.reduce((sum, usd) => sum + usd, 0);
}

/** Hosts that are there and cost nobody knows what. Pure. */
export function unpricedOf(views: readonly FleetHostView[]): number {
  return views.filter(({ host }) => isUp(host) && host.purchase !== null && host.pricePerHour === null)
    .length;
}

/**
 * The budget and what is spent of it; null: there is none. Pure.
 * @param unsettled hosts of launches of which nobody knows yet what became of them: they may be there, and cost
 */
export function moneyOf(
  settings: FleetSettings,
  views: readonly FleetHostView[],
  facts: RunFacts | null,
  unsettled = 0,
): Money | null {
  if (settings.budget === null) return null;
  const pricePerHour = dearest(settings);
  return {
    budget: settings.budget,
    spent: spentOf(views, facts),
    ratePerHour: rateOf(views) + unsettled * (pricePerHour ?? 0),
    unpriced: unpricedOf(views),
    pricePerHour,
    hours: Math.max(facts?.hoursLeft ?? 0, HOURS_UNLESS_KNOWN),
  };
}
