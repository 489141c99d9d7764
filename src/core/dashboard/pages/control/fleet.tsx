import { useEffect } from 'preact/hooks';
import { fleet, followFleet } from '../../data/fleet.ts';
import { Autoscale } from '../../parts/autoscale.tsx';
import { FleetFacts } from '../../parts/fleet-facts.tsx';
import { StopHosts } from '../../parts/stop-hosts.tsx';
import { StartHosts } from './start-hosts.tsx';

/** Launching and stopping hosts; nothing where the orchestrator has no fleet. */
export function FleetSection() {
  useEffect(() => followFleet(), []);
  const now = fleet.value;
  if (now === null) return null;
  return (
    <section class="card control" aria-labelledby="fleet-title">
      <h2 id="fleet-title">Fleet {now.fleet}</h2>
      <FleetFacts now={now} />
      {now.autoscale !== null && <Autoscale now={now.autoscale} />}
      <p>
        <a href="/hosts">Each host of the fleet</a>, to stop single ones, too.
      </p>
      <StartHosts most={now.max_hosts} />
      <div class="fleet-stops">
        <StopHosts label="Stop idle hosts" wish={{ idle: true }} />
        <StopHosts label="Stop all hosts" wish={{ all: true }} />
      </div>
    </section>
  );
}
