import { useEffect } from 'preact/hooks';
import { formatCount } from '../../../format/count.ts';
import { formatDuration } from '../../../format/duration.ts';
import { formatUsd } from '../../../format/usd.ts';
import type { FleetHostRecord, FleetRecord } from '../../../protocol/fleet-record.ts';
import { fleet, followFleet } from '../../data/fleet.ts';
import { Ago } from '../../parts/ago.tsx';
import { jobAddress } from '../../routing/addresses.ts';
import { setQuery } from '../../routing/router.ts';

const COLUMNS = ['Host', 'State', 'Type', 'Zone', 'Age', 'Price', 'Cost', 'Worker', 'Job'];
const PLACES = { ec2: 'EC2', ssh: 'ssh', local: 'the orchestrator’s machine' };
const NUMBERS = new Set(['Age', 'Price', 'Cost']);

/** The hosts as the place they come from tells them; nothing where the orchestrator has no fleet. */
export function FleetHosts() {
  useEffect(() => followFleet(), []);
  const now = fleet.value;
  if (now === null) return null;
  const { hosts } = now;
  return (
    <section class="card fleet" aria-labelledby="fleet-title">
      <h2 id="fleet-title">
        Fleet {now.fleet}: {hosts.length === 1 ? '1 host' : `${formatCount(hosts.length)} hosts`}
      </h2>
      <Seen now={now} />
      {hosts.length > 0 && (
        <div class="scroll fleet-hosts" tabIndex={0} role="region" aria-label="Hosts of the fleet">
          <table class="small">
            <thead>
              <tr>
                {COLUMNS.map((name) => (
                  <th key={name} scope="col" class={NUMBERS.has(name) ? 'number' : undefined}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {hosts.map((host) => (
                <FleetHost key={host.id} host={host} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Seen({ now: { provider, looked_at: at, error } }: { now: FleetRecord }) {
  return (
    <>
      <p>
        {at === null ? (
          `Asking which hosts there are (${PLACES[provider]})…`
        ) : (
          <>
            Seen <Ago at={at} /> ({PLACES[provider]}).
          </>
        )}
      </p>
      {error !== null && <p class="problem">{error}</p>}
    </>
  );
}

function FleetHost({ host }: { host: FleetHostRecord }) {
  const {
    id,
    activity,
    type,
    zone,
    purchase,
    age_seconds: age,
    price_per_hour: price,
    cost_usd: cost,
  } = host;
  const { worker_id: worker, job_id: job } = host;
  return (
    <tr>
      <th scope="row">{id}</th>
      <td>{activity.replace('-', ' ')}</td>
      <td>{[type, purchase === 'spot' ? 'spot' : null].filter((part) => part !== null).join(', ') || '–'}</td>
      <td>{zone ?? '–'}</td>
      <td class="number">{age === null ? '–' : formatDuration(age * 1000)}</td>
      <td class="number">{price === null ? '–' : `${formatUsd(price)}/h`}</td>
      <td class="number">{cost === null ? '–' : formatUsd(cost)}</td>
      <td>
        {worker === null ? (
          '–'
        ) : (
          <button type="button" class="link" onClick={() => setQuery({ open: worker })}>
            {worker}
          </button>
        )}
      </td>
      <td>{job === null ? '–' : <a href={jobAddress(job)}>job {job}</a>}</td>
    </tr>
  );
}
