import { formatUsd } from '../../../../format/usd.ts';
import type { FleetHostRecord } from '../../../../protocol/fleet-record.ts';
import { Ago } from '../../../parts/ago.tsx';
import { hostsOf } from '../../../parts/hosts-of.ts';

/** Hosts that are gone, and why: a spot instance that was taken away, a person, a boot that failed. */
export function EndedHosts({ hosts }: { hosts: readonly FleetHostRecord[] }) {
  if (hosts.length === 0) return null;
  return (
    <details class="fleet-ended">
      <summary>{hostsOf(hosts.length)} ended within the last hour</summary>
      <ul>
        {hosts.map(({ id, type, zone, worker_id: worker, ended_at: at, cost_usd: cost, reason }) => (
          <li key={id}>
            <b>
              <bdi>{id}</bdi>
            </b>
            {worker !== null && (
              <>
                {' '}
                (<bdi>{worker}</bdi>)
              </>
            )}
            {at !== null && (
              <>
                {' '}
                ended <Ago at={at} />
              </>
            )}
            {[type, zone, cost === null ? null : formatUsd(cost)]
              .filter((part) => part !== null)
              .map((part) => `, ${part}`)}
            : {reason ?? 'its place gives no reason'}
            {worker === null && '. It was never heard from.'}
          </li>
        ))}
      </ul>
    </details>
  );
}
