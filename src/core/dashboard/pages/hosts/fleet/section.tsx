import { useEffect } from 'preact/hooks';
import { fleet, followFleet } from '../../../data/fleet.ts';
import { session } from '../../../data/store.ts';
import { Autoscale } from '../../../parts/autoscale.tsx';
import { FleetFacts } from '../../../parts/fleet-facts.tsx';
import { hostsOf } from '../../../parts/hosts-of.ts';
import { EndedHosts } from './ended.tsx';
import { FleetTable } from './table.tsx';

/** The hosts as the place they come from tells them; nothing where the orchestrator has no fleet. */
export function FleetHosts() {
  useEffect(() => followFleet(), []);
  const now = fleet.value;
  if (now === null) return session.value?.fleet === true ? <Asking /> : null;
  const { hosts, ended } = now;
  return (
    <section class="card fleet" aria-labelledby="fleet-title">
      <h2 id="fleet-title">
        Fleet {now.fleet}: {hostsOf(hosts.length)}
      </h2>
      <FleetFacts now={now} />
      {now.autoscale !== null && <Autoscale now={now.autoscale} />}
      {hosts.length > 0 && <FleetTable hosts={hosts} />}
      <EndedHosts hosts={ended} />
    </section>
  );
}

/** Takes up room from the beginning, so that less of the page moves when the answer comes. */
function Asking() {
  return (
    <section class="card fleet fleet-asking" aria-labelledby="fleet-title">
      <h2 id="fleet-title">Fleet</h2>
      <p class="loading">Asking which hosts there are…</p>
    </section>
  );
}
