import type { FullJobRecord } from '../../../protocol/full-record.ts';
import { useJobRecords } from '../../data/job-records.ts';
import { isLoaded, jobIds, jobSignal } from '../../data/store.ts';
import { standingOf } from '../../data/standing.ts';
import { Blocks } from '../../parts/blocks.tsx';
import { StandingBadge } from '../../parts/standing.tsx';
import { jobAddress } from '../../routing/addresses.ts';
import { JobActions } from './actions.tsx';
import { Attempts } from './attempts.tsx';
import { Configuration } from './configuration.tsx';
import { Hashes } from './hashes.tsx';
import { AttemptLogs } from './logs.tsx';
import { Now } from './now.tsx';
import { Problem } from './problem.tsx';
import { RatePlot } from './rate-plot.tsx';

/** Everything about one job. */
export function JobPage({ id }: { id: string }) {
  const jobId = /^\d{1,15}$/u.test(id) ? Number(id) : null;
  const next = jobId === null ? [] : startingWhereItEnds(jobId);
  const records = useJobRecords(jobId === null ? [] : [jobId, ...next]);
  const known = jobId === null ? undefined : records.get(jobId);
  if (jobId === null || known?.kind === 'missing') return <NoSuchJob id={id} />;
  if (known === undefined) return <h1>Job {id}</h1>;
  if (known.kind === 'unread') {
    return (
      <>
        <h1>Job {id}</h1>
        <p role="alert">It could not be read: {known.reason}</p>
      </>
    );
  }
  const { job } = known;
  const nextJobs = next.flatMap((id) => {
    const other = records.get(id);
    return other?.kind === 'known' ? [other.job] : [];
  });
  return (
    <>
      <Head job={job} />
      <Problem job={job} />
      <Now job={job} />
      <Hashes job={job} next={nextJobs} />
      <Attempts job={job} />
      <RatePlot job={job} />
      <AttemptLogs job={job} />
      <Configuration job={job} />
    </>
  );
}

/** Of the slices that start at the last block; more than one where several versions are replayed. */
function startingWhereItEnds(jobId: number): number[] {
  const ids = jobIds.value;
  const end = jobSignal(jobId)?.peek().end_block_num;
  return ids.filter((id) => jobSignal(id)?.peek().start_block_num === end).slice(0, 4);
}

function Head({ job }: { job: FullJobRecord }) {
  return (
    <header class="job-head">
      <div class="job-name">
        <h1>Slice {job.replay_slice_id}</h1>
        <StandingBadge standing={standingOf(job)} />
        <Blocks from={job.start_block_num} to={job.end_block_num} />
        <span class="job-id">job {job.job_id}</span>
      </div>
      <div class="job-actions">
        <JobActions job={job} />
        <Neighbours jobId={job.job_id} />
      </div>
    </header>
  );
}

/** The slices before and after it in the manifest. */
function Neighbours({ jobId }: { jobId: number }) {
  const ids = jobIds.value;
  const at = ids.indexOf(jobId);
  const nameOf = (id: number): string => `Slice ${jobSignal(id)?.peek().replay_slice_id ?? id}`;
  const [before, after] = [ids[at - 1], ids[at + 1]];
  if (at === -1) return null;
  return (
    <nav aria-label="Neighbouring slices" class="neighbours">
      {before !== undefined && (
        <a href={jobAddress(before)} rel="prev">
          <span aria-hidden="true">‹</span> {nameOf(before)}
        </a>
      )}
      {after !== undefined && (
        <a href={jobAddress(after)} rel="next">
          {nameOf(after)} <span aria-hidden="true">›</span>
        </a>
      )}
    </nav>
  );
}

function NoSuchJob({ id }: { id: string }) {
  return (
    <>
      <h1>The run has no job {id}</h1>
      <p>
        Each run has numbers of its own: this may be a job of another run.{' '}
        <a href="/jobs">All jobs of this run</a>
        {isLoaded.value && /^\d+$/u.test(id) && (
          <>
            , or those that have to do with <a href={`/jobs?q=${id}`}>the number {id}</a>
          </>
        )}
        .
      </p>
    </>
  );
}
