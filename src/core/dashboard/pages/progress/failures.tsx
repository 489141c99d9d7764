import { formatCount } from '../../../format/count.ts';
import type { JobRow } from '../../../protocol/job-row.ts';
import { retryFailed } from '../../data/change-jobs.ts';
import { failedIds, jobSignal } from '../../data/store.ts';
import { standingOf } from '../../data/standing.ts';
import { Action } from '../../parts/action.tsx';
import { Blocks } from '../../parts/blocks.tsx';
import { StandingBadge } from '../../parts/standing.tsx';
import { Time } from '../../parts/time.tsx';
import { hostAddress, jobAddress, jobsAddress } from '../../routing/addresses.ts';
import { countCauses, mismatchesFirst } from './failed-by-cause.ts';

/** More than this would push everything else out of sight; the table of jobs has them all. */
const MOST = 6;

export function Failures() {
  const all = failedIds.value;
  if (all.length === 0) return null;
  // Each row below listens to its own job; here it is enough which ones have failed.
  const failed = mismatchesFirst(all.flatMap((jobId) => jobSignal(jobId)?.peek() ?? []));
  return (
    <section class="failures" aria-labelledby="failures-title">
      <div class="failures-top">
        <h2 id="failures-title">
          {formatCount(all.length)} failed {all.length === 1 ? 'job' : 'jobs'}
        </h2>
        <RetryAll jobIds={all} />
      </div>
      <ul>
        {failed.slice(0, MOST).map(({ job_id: jobId }) => (
          <Failure key={jobId} jobId={jobId} />
        ))}
      </ul>
      {all.length > MOST && <Rest failed={failed} />}
    </section>
  );
}

/** What is not shown one by one. */
function Rest({ failed }: { failed: readonly JobRow[] }) {
  return (
    <p class="failures-rest">
      <a href={jobsAddress({ state: 'failed' })}>All {formatCount(failed.length)} failed jobs</a>
      {countCauses(failed).map(({ cause, count }) => (
        <span key={cause}>
          {cause === null || cause === 'hash-mismatch' ? (
            (cause ?? 'no cause reported')
          ) : (
            <a href={jobsAddress({ state: 'failed', cause })}>{cause}</a>
          )}{' '}
          {formatCount(count)}
        </span>
      ))}
    </p>
  );
}

function RetryAll({ jobIds }: { jobIds: readonly number[] }) {
  const count = formatCount(jobIds.length);
  const [what, it] =
    jobIds.length === 1 ? ['the failed job', 'It waits'] : [`all ${count} failed jobs`, 'They wait'];
  return (
    <Action label="Retry all" title={`Run ${what} again?`} confirm="Run again" run={retryFailed}>
      <p>
        {it} for a host, and what was found so far stays on record with the attempts. Budgets are counted
        anew. A job that does not fail any more is left as it is.
      </p>
    </Action>
  );
}

function Failure({ jobId }: { jobId: number }) {
  const job = jobSignal(jobId)?.value;
  if (job === undefined) return null;
  const isMismatch = job.status === 'HASH_MISMATCH';
  return (
    <li>
      <p class="failure-head">
        <StandingBadge standing={standingOf(job)} />
        <a class="failure-link" href={jobAddress(jobId)}>
          Slice {job.replay_slice_id}
        </a>
        <Blocks from={job.start_block_num} to={job.end_block_num} />
        {!isMismatch && <span class="failure-cause">{job.error_cause ?? 'no cause reported'}</span>}
        {job.worker_id !== null && <a href={hostAddress(job.worker_id)}>{job.worker_id}</a>}
        <span>attempt {job.attempt}</span>
        {job.end_time !== null && <Time at={job.end_time} />}
      </p>
      {job.error_message !== null && <p class="failure-message">{job.error_message}</p>}
    </li>
  );
}
