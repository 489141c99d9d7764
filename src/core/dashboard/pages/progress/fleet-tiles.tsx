import { useEffect } from 'preact/hooks';
import { formatCount } from '../../../format/count.ts';
import { formatUsd } from '../../../format/usd.ts';
import type { FleetRecord } from '../../../protocol/fleet-record.ts';
import type { SummaryRecord } from '../../../protocol/summary-record.ts';
import { fleet, followFleet } from '../../data/fleet.ts';
import { Tile } from './tile.tsx';

/** How many hosts there are, and whether more are wanted that do not come. */
export function Hosts({ now }: { now: SummaryRecord }) {
  useEffect(() => followFleet(), []);
  const { host_count, hosts_idle, hosts_set_aside } = now;
  const aside = hosts_set_aside.length;
  const trouble = fleet.value === null ? null : troubleOf(fleet.value);
  return (
    <Tile name="Hosts" value={`${formatCount(host_count)} at work`}>
      <a href="/hosts">{formatCount(hosts_idle)} idle</a>
      {aside > 0 && <strong class="tone-bad">, {formatCount(aside)} set aside</strong>}
      {trouble !== null && (
        <>
          ; <a href="/hosts">{trouble}</a>
        </>
      )}
    </Tile>
  );
}

/** What a person should look at, in few words; null: nothing. */
function troubleOf({ error, autoscale }: FleetRecord): string | null {
  if (error !== null) return 'the fleet cannot be seen';
  if (autoscale === null) return null;
  if (autoscale.error !== null) return 'the fleet is not looked after';
  return autoscale.next_launch_at !== null || autoscale.notes.length > 0 ? 'the fleet does not grow' : null;
}

/** What was spent, and what is left of the budget where there is one. */
export function Cost({ now: { cost } }: { now: SummaryRecord }) {
  const budget = fleet.value?.budget ?? null;
  const left = budget === null ? null : budget - (fleet.value?.spent_usd ?? 0);
  const words = [
    ...(cost === null ? ['no host has told its price'] : [`${formatUsd(cost.usd_per_hour)} an hour now`]),
    ...(cost !== null && cost.hosts_unpriced > 0
      ? [`${formatCount(cost.hosts_unpriced)} without a price`]
      : []),
    ...(left !== null && left > 0 ? [`${formatUsd(left)} of the budget left`] : []),
  ];
  return (
    <Tile name="Cost so far" value={cost === null ? '–' : formatUsd(cost.usd)}>
      {words.join('; ')}
      {left !== null && left <= 0 && <strong class="tone-bad">; nothing is left of the budget</strong>}
    </Tile>
  );
}
