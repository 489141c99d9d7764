import { formatCount } from '../../../format/count.ts';
import { retryFailed } from '../../data/change-jobs.ts';
import { failedIds } from '../../data/store.ts';
import { Action } from '../../parts/action.tsx';
import { jobsAddress } from '../../routing/addresses.ts';

/** Another run of all that failed. */
export function RetrySection() {
  const ids = failedIds.value;
  const count = formatCount(ids.length);
  const jobs = ids.length === 1 ? '1 failed job' : `all ${count} failed jobs`;
  return (
    <section class="card control" aria-labelledby="retry-title">
      <h2 id="retry-title">Failed jobs</h2>
      {ids.length === 0 ? (
        <p>No job has failed.</p>
      ) : (
        <>
          <p>
            <a href={jobsAddress({ state: 'failed' })}>{ids.length === 1 ? '1 job' : `${count} jobs`}</a>{' '}
            failed, and will not be tried again by themselves.
          </p>
          <Action label="Retry all" title={`Run ${jobs} again?`} confirm="Run again" run={retryFailed}>
            <p>
              They wait for a host with budgets counted anew, and what was found so far stays on record with
              the attempts. A job that does not fail any more by then is left as it is.
            </p>
          </Action>
        </>
      )}
    </section>
  );
}
