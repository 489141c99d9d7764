import { useEffect } from 'preact/hooks';
import { formatCount } from '../../../format/count.ts';
import { fleet, followFleet } from '../../data/fleet.ts';
import { StartHosts } from './start-hosts.tsx';
import { StopHosts } from './stop-hosts.tsx';

/** Launching and stopping hosts; nothing where the orchestrator has no fleet. */
export function FleetSection() {
  useEffect(() => followFleet(), []);
  const now = fleet.value;
  if (now === null) return null;
  const { hosts, autoscale, max_hosts: most, error } = now;
  return (
    <section class="card control" aria-labelledby="fleet-title">
      <h2 id="fleet-title">Fleet {now.fleet}</h2>
      <p>
        <a href="/hosts">{hosts.length === 1 ? '1 host' : `${formatCount(hosts.length)} hosts`}</a> of at most{' '}
        {formatCount(most)}
        {now.budget !== null && `, with a budget of $${formatCount(now.budget)}`}.
        {autoscale !== null &&
          ' The orchestrator starts and stops hosts by itself as the open jobs need them.'}
      </p>
      {error !== null && <p class="problem">{error}</p>}
      <StartHosts most={most} />
      <div class="fleet-stops">
        <StopHosts label="Stop idle hosts" wish={{ idle: true }} />
        <StopHosts label="Stop all hosts" wish={{ all: true }} />
      </div>
    </section>
  );
}
