import { formatDuration } from '../../../../format/duration.ts';
import { formatUsd } from '../../../../format/usd.ts';
import { utcSeconds } from '../../../../domain/time.ts';
import type { FleetHostRecord } from '../../../../protocol/fleet-record.ts';
import { FLEET_STANDINGS, standingDetail } from '../../../data/fleet-standing.ts';
import { isAdmin } from '../../../data/store.ts';
import { now } from '../../../parts/now.ts';
import { jobAddress } from '../../../routing/addresses.ts';
import { setQuery } from '../../../routing/router.ts';

interface FleetHostProps {
  host: FleetHostRecord;
  isChosen: boolean;
  onChoose: (id: string, isChosen: boolean) => void;
}

/** One host of the fleet. */
export function FleetHost({ host, isChosen, onChoose }: FleetHostProps) {
  const { id, activity, type, zone, purchase, price_per_hour: price, cost_usd: cost } = host;
  const { worker_id: worker, job_id: job } = host;
  return (
    <tr>
      {isAdmin.value && (
        <td class="tick">
          <input
            type="checkbox"
            aria-label={`Choose ${id}`}
            disabled={activity === 'stopping'}
            checked={isChosen}
            onChange={(event) => onChoose(id, event.currentTarget.checked)}
          />
        </td>
      )}
      <th scope="row">
        <bdi>{id}</bdi>
        <span class="more narrow">
          {[type, zone, cost === null ? null : formatUsd(cost)].filter((part) => part !== null).join(', ')},{' '}
          <Age host={host} />
        </span>
      </th>
      <td>
        <State host={host} />
      </td>
      <td class="wide">
        {type ?? '–'}
        {purchase === 'spot' && <span class="more">spot</span>}
      </td>
      <td class="wide">{zone ?? '–'}</td>
      <td class="number wide">
        <Age host={host} />
      </td>
      <td class="number wide">{price === null ? '–' : `${formatUsd(price)}/h`}</td>
      <td class="number c-cost">{cost === null ? '–' : formatUsd(cost)}</td>
      <td class="wide c-worker">
        {worker === null ? (
          '–'
        ) : (
          <button type="button" class="link" onClick={() => setQuery({ open: worker })}>
            <bdi>{worker}</bdi>
          </button>
        )}
      </td>
      <td class="number">{job === null ? '–' : <a href={jobAddress(job)}>job {job}</a>}</td>
    </tr>
  );
}

function State({ host }: { host: FleetHostRecord }) {
  const { name, mark, like } = FLEET_STANDINGS[host.activity];
  const detail = standingDetail(host);
  return (
    <>
      <span class="standing">
        <span class={`mark s-${like}`} aria-hidden="true">
          {mark}
        </span>
        {name}
      </span>
      {detail !== '' && (
        <span class="more" title={detail}>
          {detail}
        </span>
      )}
    </>
  );
}

/** It goes on between two looks. */
function Age({ host: { launched_at: at, age_seconds: age } }: { host: FleetHostRecord }) {
  const seconds = at === null ? age : now.value - utcSeconds(at);
  return <>{seconds === null ? '–' : formatDuration(Math.max(0, seconds) * 1000)}</>;
}
