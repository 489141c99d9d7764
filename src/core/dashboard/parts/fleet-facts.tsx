import type { ComponentChildren } from 'preact';
import { formatCount } from '../../format/count.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatUsd } from '../../format/usd.ts';
import type { FleetRecord } from '../../protocol/fleet-record.ts';
import { ACTIVITIES, FLEET_STANDINGS } from '../data/fleet-standing.ts';
import { Ago } from './ago.tsx';

const PLACES = { ec2: 'EC2', ssh: 'ssh', local: 'the orchestrator’s machine' };

/** How large the fleet is, what it costs, and how old these figures are. */
export function FleetFacts({ now }: { now: FleetRecord }) {
  const { hosts, max_hosts: most, looked_at: at, error, provider } = now;
  return (
    <>
      <dl class="facts fleet-facts">
        <Fact name="Hosts" more={activitiesOf(now)}>
          {formatCount(hosts.length)} of at most {formatCount(most)}
        </Fact>
        <Fact name="An hour costs" more={unpricedOf(now)}>
          {formatUsd(now.usd_per_hour)}
        </Fact>
        <Fact name="Spent so far" more="on this run">
          {formatUsd(now.spent_usd)}
        </Fact>
        {now.budget !== null && <Budget now={now} budget={now.budget} />}
        <Fact name="Seen" more={PLACES[provider]}>
          {at === null ? 'asking…' : <Ago at={at} />}
        </Fact>
      </dl>
      {error !== null && (
        <p class="problem" role="alert">
          {at !== null && 'The hosts could not be looked at since then. '}
          {error}
        </p>
      )}
      {now.launch_problem !== null && (
        <p class="problem" role="alert">
          No host could be launched when that was tried out: {now.launch_problem}
        </p>
      )}
    </>
  );
}

interface FactProps {
  name: string;
  /** Below it, in small. */
  more: string;
  children: ComponentChildren;
}

function Fact({ name, more, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children}
        {more !== '' && <span class="more">{more}</span>}
      </dd>
    </div>
  );
}

function Budget({
  now: { spent_usd: spent, usd_per_hour: rate },
  budget,
}: {
  now: FleetRecord;
  budget: number;
}) {
  const left = budget - spent;
  const lasts = rate > 0 && left > 0 ? `, enough for ${formatDuration((left / rate) * 3_600_000)}` : '';
  return (
    <Fact name="Left of the budget" more={`of ${formatUsd(budget)}${lasts}`}>
      {left > 0 ? formatUsd(left) : <strong class="tone-bad">nothing: {formatUsd(-left)} over</strong>}
    </Fact>
  );
}

/** `8 at work, 2 idle` */
function activitiesOf({ hosts }: FleetRecord): string {
  return ACTIVITIES.flatMap((activity) => {
    const count = hosts.filter((host) => host.activity === activity).length;
    return count === 0 ? [] : [`${formatCount(count)} ${FLEET_STANDINGS[activity].name}`];
  }).join(', ');
}

function unpricedOf({ hosts_unpriced: count }: FleetRecord): string {
  return count === 0 ? 'all hosts together' : `without ${formatCount(count)} whose price is not known`;
}
