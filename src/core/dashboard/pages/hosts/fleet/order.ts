import type { FleetHostRecord } from '../../../../protocol/fleet-record.ts';
import { ACTIVITIES } from '../../../data/fleet-standing.ts';
import { sortedBy } from '../../../parts/sorted-by.ts';

/** What hosts of the fleet can be sorted by. */
const VALUES = {
  host: ({ id }) => id,
  state: ({ activity }) => ACTIVITIES.indexOf(activity),
  type: ({ type, purchase }) => (type === null ? null : `${type} ${purchase}`),
  zone: ({ zone }) => zone,
  age: ({ age_seconds }) => age_seconds,
  price: ({ price_per_hour }) => price_per_hour,
  cost: ({ cost_usd }) => cost_usd,
  worker: ({ worker_id }) => worker_id,
  job: ({ job_id }) => job_id,
} satisfies Record<string, (host: FleetHostRecord) => string | number | null>;

export type FleetOrder = keyof typeof VALUES;
export const FLEET_ORDERS = Object.keys(VALUES) as FleetOrder[];

/** The hosts of the fleet in their order. Pure. */
export function fleetInOrder(
  hosts: readonly FleetHostRecord[],
  { name, backwards }: { name: string; backwards: boolean },
): readonly FleetHostRecord[] {
  return sortedBy(hosts, { nameOf: ({ id }) => id, valueOf: VALUES[name as FleetOrder], backwards });
}
