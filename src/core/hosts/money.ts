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
 * US dollars that the run has cost so far. The orchestrator counts hosts that are gone for long, the place
 * those that never spoke to it. Pure.
 */
export function spentOf(views: readonly FleetHostView[], facts: RunFacts | null): number {
  return Math.max(facts?.spent ?? 0, costOf(views.filter(({ host }) => isOfRun(host, facts))));
}

/** The budget and what is spent of it; null: there is none. Pure. */
export function moneyOf(
  settings: FleetSettings,
  views: readonly FleetHostView[],
  facts: RunFacts | null,
): Money | null {
  if (settings.budget === null) return null;
  return {
    budget: settings.budget,
    spent: spentOf(views, facts),
    ratePerHour: rateOf(views),
    pricePerHour: dearest(settings),
    hours: Math.max(facts?.hoursLeft ?? 0, HOURS_UNLESS_KNOWN),
  };
}
