import { formatCount } from '../../../format/count.ts';
import { failedIds, jobSignal } from '../../data/store.ts';
import { standingOf } from '../../data/standing.ts';
import { Blocks } from '../../parts/blocks.tsx';
import { StandingBadge } from '../../parts/standing.tsx';
import { Time } from '../../parts/time.tsx';
import { hostAddress, jobAddress, jobsAddress } from '../../routing/addresses.ts';

/** More than this would push everything else out of sight; the table of jobs has them all. */
const MOST = 12;

export function Failures() {
  const all = failedIds.value;
  if (all.length === 0) return null;
  return (
    <section class="failures" aria-labelledby="failures-title">
      <h2 id="failures-title">
        {formatCount(all.length)} failed {all.length === 1 ? 'job' : 'jobs'}
      </h2>
      <ul>
        {all.slice(0, MOST).map((jobId) => (
          <Failure key={jobId} jobId={jobId} />
        ))}
      </ul>
      {all.length > MOST && (
        <p>
          <a href={jobsAddress({ state: 'failed' })}>All {formatCount(all.length)} failed jobs</a>
        </p>
      )}
    </section>
  );
}

function Failure({ jobId }: { jobId: number }) {
  const job = jobSignal(jobId)?.value;
  if (job === undefined) return null;
  const isMismatch = job.status === 'HASH_MISMATCH';
  const cause = isMismatch ? 'hash-mismatch' : job.error_cause;
  return (
    <li>
      <p class="failure-head">
        <StandingBadge standing={standingOf(job)} />
        <a class="failure-link" href={jobAddress(jobId)}>
          Slice {job.replay_slice_id}
        </a>
        <Blocks from={job.start_block_num} to={job.end_block_num} />
      </p>
      <p class="failure-facts">
        <span>{cause ?? 'no cause reported'}</span>
        {job.worker_id !== null && <a href={hostAddress(job.worker_id)}>{job.worker_id}</a>}
        <span>attempt {job.attempt}</span>
        {job.end_time !== null && <Time at={job.end_time} />}
      </p>
      {job.error_message !== null && <p class="failure-message">{job.error_message}</p>}
    </li>
  );
}
