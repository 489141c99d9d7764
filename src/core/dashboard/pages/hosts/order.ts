import type { HostRow } from '../../../protocol/host-record.ts';
import { HOST_STANDINGS, hostStandingOf, type HostStanding } from '../../data/host-standing.ts';
import { sortedBy } from '../../parts/sorted-by.ts';

/** What hosts can be sorted by. null comes last, whichever way round. */
const VALUES = {
  host: ({ worker_id }) => worker_id,
  state: (host) => HOST_STANDINGS.indexOf(hostStandingOf(host)),
  job: ({ replay_slice_id }) => replay_slice_id,
  rate: ({ blocks_per_second }) => blocks_per_second,
  disk: ({ disk_free }) => disk_free,
  memory: ({ memory_free }) => memory_free,
  load: ({ load, cpus }) => (load === null ? null : load / (cpus ?? 1)),
  heard: ({ last_heard }) => last_heard,
  cost: ({ cost_usd }) => cost_usd,
  failed: ({ attempts_failed }) => attempts_failed,
} satisfies Record<string, (host: HostRow) => string | number | null>;

export const HOST_ORDERS = Object.keys(VALUES) as HostOrder[];
export type HostOrder = keyof typeof VALUES;

export interface HostView {
  /** null: all. */
  state: HostStanding | null;
  /** A part of the name, of the instance id or of the version, in any case. */
  text: string;
  sort: { name: string; backwards: boolean };
}

/** The names of the hosts to show, in their order. */
export function hostsInView(hosts: readonly HostRow[], { state, text, sort }: HostView): string[] {
  const wanted = text.trim().toLowerCase();
  const shown = hosts.filter(
    (host) => (state === null || hostStandingOf(host) === state) && holds(host, wanted),
  );
  const valueOf: (host: HostRow) => string | number | null = VALUES[sort.name as HostOrder];
  const order = { nameOf, valueOf, backwards: sort.backwards };
  return sortedBy(shown, order).map(nameOf);
}

function nameOf({ worker_id }: HostRow): string {
  return worker_id;
}

function holds({ worker_id, instance_id, version, hostname }: HostRow, wanted: string): boolean {
  return [worker_id, instance_id, version, hostname].some((text) => text?.toLowerCase().includes(wanted));
}
