import { formatCount } from '../../../format/count.ts';
import type { SetAsideHostRecord } from '../../../protocol/summary-record.ts';
import { summary } from '../../data/store.ts';
import { Time } from '../../parts/time.tsx';
import { jobAddress } from '../../routing/addresses.ts';
import { setQuery } from '../../routing/router.ts';
import { ClearHost } from './clear.tsx';

/** More than this would push the table out of sight, which has them all. */
const MOST = 8;

/** The hosts that get no jobs for now, and why. */
export function SetAside() {
  const all = summary.value?.hosts_set_aside ?? [];
  if (all.length === 0) return null;
  return (
    <section class="failures" aria-labelledby="set-aside-title">
      <h2 id="set-aside-title">
        {formatCount(all.length)} {all.length === 1 ? 'host is' : 'hosts are'} set aside
      </h2>
      <ul>
        {all.slice(0, MOST).map((host) => (
          <li key={host.worker_id}>
            <AsideHost host={host} />
          </li>
        ))}
      </ul>
      {all.length > MOST && (
        <p>
          <button type="button" onClick={() => setQuery({ state: 'aside' })}>
            Show all {formatCount(all.length)}
          </button>
        </p>
      )}
    </section>
  );
}

function AsideHost({ host: { worker_id, since, failures } }: { host: SetAsideHostRecord }) {
  return (
    <>
      <div class="aside-head">
        <p>
          <strong>{worker_id}</strong> since <Time at={since} />: {failures.length} attempts in a row failed
        </p>
        <ClearHost workerId={worker_id} />
      </div>
      <ol class="aside-failures">
        {failures.map(({ job_id, attempt, error_cause, error_message }) => (
          <li key={`${job_id} ${attempt}`}>
            <a href={jobAddress(job_id)}>Job {job_id}</a> attempt {attempt}: {error_cause}
            {error_message !== null && <span class="mono"> {error_message}</span>}
          </li>
        ))}
      </ol>
    </>
  );
}
