import { useSignal } from '@preact/signals';
import type { FleetHostRecord } from '../../../../protocol/fleet-record.ts';
import { isAdmin } from '../../../data/store.ts';
import { hostsOf } from '../../../parts/hosts-of.ts';
import { SortHead, sortOf } from '../../../parts/sort-head.tsx';
import { StopHosts } from '../../../parts/stop-hosts.tsx';
import { FLEET_ORDERS, fleetInOrder, type FleetOrder } from './order.ts';
import { FleetHost } from './row.tsx';

/** `wide`: not on a narrow screen. */
const COLUMNS: readonly [order: FleetOrder, title: string, look: string][] = [
  ['host', 'Host', ''],
  ['state', 'State', ''],
  ['type', 'Type', 'wide'],
  ['zone', 'Zone', 'wide'],
  ['age', 'Age', 'number wide'],
  ['price', 'Price', 'number wide'],
  ['cost', 'Cost', 'number c-cost'],
  ['worker', 'Worker', 'wide'],
  ['job', 'Job', 'number'],
];

/** In the address: `sort` is of the table of workers below. */
const PARAM = 'fleet-sort';

/** The hosts of the fleet, of which some can be chosen and stopped. */
export function FleetTable({ hosts }: { hosts: readonly FleetHostRecord[] }) {
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const sorted = sortOf(FLEET_ORDERS, 'state', PARAM);
  const choose = (id: string, isChosen: boolean): void => {
    const next = new Set(chosen.value);
    if (isChosen) next.add(id);
    else next.delete(id);
    chosen.value = next;
  };
  // One that is on its way out already is not chosen any more.
  const ids = hosts
    .filter(({ id, activity }) => activity !== 'stopping' && chosen.value.has(id))
    .map(({ id }) => id);
  return (
    <>
      <div class="scroll fleet-hosts" tabIndex={0} role="region" aria-label="Hosts of the fleet">
        <table class="small sortable">
          <thead>
            <tr>
              {isAdmin.value && (
                <th scope="col" class="tick">
                  <span class="visually-hidden">Chosen</span>
                </th>
              )}
              {COLUMNS.map(([name, title, look]) => (
                <SortHead key={name} name={name} title={title} sorted={sorted} look={look} param={PARAM} />
              ))}
            </tr>
          </thead>
          <tbody>
            {fleetInOrder(hosts, sorted).map((host) => (
              <FleetHost key={host.id} host={host} isChosen={ids.includes(host.id)} onChoose={choose} />
            ))}
          </tbody>
        </table>
      </div>
      {isAdmin.value && (
        <div class="fleet-stops">
          <StopHosts
            label="Stop chosen hosts"
            title={`Stop ${hostsOf(ids.length)}?`}
            wish={{ ids }}
            disabled={ids.length === 0}
          />
          <span role="status">{ids.length === 0 ? '' : `${hostsOf(ids.length)} chosen.`}</span>
        </div>
      )}
    </>
  );
}
