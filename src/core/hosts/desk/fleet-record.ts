import { formatUtc } from '../../domain/time.ts';
import type { AutoscaleRecord, FleetRecord } from '../../protocol/fleet-record.ts';
import { dearest } from '../dearest.ts';
import { isUp, type FleetHostView } from '../fleet-view.ts';
import { hostJson } from '../host-json.ts';
import { rateOf, spentOf } from '../money.ts';
import type { RunFacts } from '../run-facts.ts';
import type { FleetSettings } from '../settings/settings.ts';
import type { Look } from './kept-look.ts';

/** Hosts that ended longer ago are of no interest any more, and their place may have forgotten them. */
const ENDED_MS = 3_600_000;
const MOST_ENDED = 100;

/** The hosts that were seen, and what the orchestrator knew then. */
export interface FleetSeen {
  readonly views: readonly FleetHostView[];
  /** null: the orchestrator could not be asked. */
  readonly facts: RunFacts | null;
}

/** What is told of the fleet. Pure. @param now milliseconds since 1970 */
export function fleetRecord(
  settings: FleetSettings,
  { seen, at, error }: Look<FleetSeen>,
  autoscale: AutoscaleRecord | null,
  now: number,
): Omit<FleetRecord, 'launch_problem'> {
  const { views, facts } = seen ?? { views: [], facts: null };
  return {
    fleet: settings.name,
    provider: settings.provider,
    autoscale,
    max_hosts: settings.maxHosts,
    budget: settings.budget,
    price_per_hour: dearest(settings),
    spent_usd: spentOf(views, facts),
    usd_per_hour: rateOf(views),
    hosts_unpriced: views.filter(({ host }) => isUp(host) && host.pricePerHour === null).length,
    looked_at: at === null ? null : formatUtc(new Date(at)),
    error,
    hosts: views.filter(({ host }) => host.state !== 'ended').map(hostJson),
    ended: lately(views, now).map(hostJson),
  };
}

function lately(views: readonly FleetHostView[], now: number): FleetHostView[] {
  const endOf = ({ host }: FleetHostView): number => host.endedAt ?? Number.NEGATIVE_INFINITY;
  return views
    .filter((view) => view.host.state === 'ended' && now - endOf(view) < ENDED_MS)
    .toSorted((one, other) => endOf(other) - endOf(one))
    .slice(0, MOST_ENDED);
}
