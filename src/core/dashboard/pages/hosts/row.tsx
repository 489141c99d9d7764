import { formatCount } from '../../../format/count.ts';
import { formatUsd } from '../../../format/usd.ts';
import type { HostRow } from '../../../protocol/host-record.ts';
import { hostStandingOf } from '../../data/host-standing.ts';
import { hostSignal } from '../../data/hosts.ts';
import { STATUS_NAMES } from '../../data/words.ts';
import { Ago } from '../../parts/ago.tsx';
import { Gauge } from '../../parts/gauge.tsx';
import { HostBadge } from '../../parts/host-standing.tsx';
import { jobAddress } from '../../routing/addresses.ts';
import { setQuery } from '../../routing/router.ts';

interface LineProps {
  workerId: string;
  /** Of the row in the whole table, from 1. */
  index: number;
  isOpen: boolean;
}

/** One host in the table. */
export function HostLine({ workerId, index, isOpen }: LineProps) {
  const host = hostSignal(workerId)?.value;
  if (host === undefined) return null;
  return (
    <tr data-row aria-rowindex={index} class={isOpen ? 'open' : undefined}>
      <th scope="row">
        <button
          type="button"
          class="opener"
          aria-expanded={isOpen}
          aria-controls={isOpen ? 'host-details' : undefined}
          onClick={() => setQuery({ open: isOpen ? null : workerId })}
        >
          <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>
          <span class="cut">{workerId}</span>
        </button>
        <span class="cut more">
          {[host.instance_id, host.version].filter((text) => text !== null).join(' · ')}
        </span>
      </th>
      <td class="c-state">
        <HostBadge standing={hostStandingOf(host)} />
      </td>
      <td class="c-job">
        <Job host={host} />
      </td>
      <td class="number c-rate">
        {host.blocks_per_second === null ? '–' : formatCount(host.blocks_per_second)}
      </td>
      <td class="c-disk" data-label="Disk">
        <Gauge total={host.disk_total} free={host.disk_free} />
      </td>
      <td class="c-memory" data-label="Memory">
        <Gauge total={host.memory_total} free={host.memory_free} />
      </td>
      <td class="number c-load" data-label="Load">
        {loadOf(host)}
      </td>
      <td class="c-heard">
        <Ago at={host.last_heard} />
      </td>
      <td class="number c-cost">
        {host.cost_usd === null ? '–' : formatUsd(host.cost_usd)}
        <span class="more">{host.price_per_hour === null ? '' : `${formatUsd(host.price_per_hour)}/h`}</span>
      </td>
      <td class="c-attempts">
        {formatCount(host.attempts_complete)} done
        <span class={host.attempts_failed > 0 ? 'more tone-bad' : 'more'}>
          {formatCount(host.attempts_failed)} failed
        </span>
      </td>
    </tr>
  );
}

function Job({ host: { job_id, replay_slice_id, stage, status } }: { host: HostRow }) {
  if (job_id === null) return <span class="unknown">–</span>;
  return (
    <>
      <a href={jobAddress(job_id)}>Slice {replay_slice_id}</a>
      <span class="more">{stage ?? (status === null ? '' : STATUS_NAMES[status])}</span>
    </>
  );
}

/** Processes that want to run, and how many can. */
function loadOf({ load, cpus }: HostRow): string {
  if (load === null) return '–';
  return `${load.toFixed(1)}${cpus === null ? '' : ` of ${cpus}`}`;
}
