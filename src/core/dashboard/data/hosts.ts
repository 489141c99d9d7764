import { batch, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { HostRow, HostsEvent } from '../../protocol/host-record.ts';
import { setClock } from './clock.ts';

/** Each host is a signal of its own, as each job is. */
const hosts = new Map<string, Signal<HostRow>>();

const told = signal<readonly HostRow[] | null>(null);

/** All hosts as they were last told, in no order; null until they were. Whoever shows one reads `hostSignal`. */
export const allHosts: ReadonlySignal<readonly HostRow[] | null> = told;

/** One host; undefined when it is not known. */
export function hostSignal(workerId: string): ReadonlySignal<HostRow> | undefined {
  return hosts.get(workerId);
}

/** Takes over what the stream tells. */
export function applyHosts({ at, all, hosts: changes, gone }: HostsEvent): void {
  batch(() => {
    setClock(at);
    const old = new Set(all ? hosts.keys() : gone);
    for (const change of changes) {
      old.delete(change.worker_id);
      const known = hosts.get(change.worker_id);
      if (known === undefined) hosts.set(change.worker_id, signal(change as HostRow));
      else known.value = { ...known.peek(), ...change };
    }
    for (const workerId of old) hosts.delete(workerId);
    told.value = Array.from(hosts.values(), (host) => host.peek());
  });
}
