import { formatCount } from '../../../format/count.ts';
import { formatDuration } from '../../../format/duration.ts';
import { isHeld } from '../../../domain/transition.ts';
import type { JobRow } from '../../../protocol/job-row.ts';
import { standingOf } from '../../data/standing.ts';
import { jobSignal } from '../../data/store.ts';
import { STATUS_NAMES, VERDICT_NAMES } from '../../data/words.ts';
import { Blocks } from '../../parts/blocks.tsx';
import { now } from '../../parts/now.ts';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { StandingMark } from '../../parts/standing.tsx';
import { hostAddress, jobAddress } from '../../routing/addresses.ts';
import { secondsLeft, secondsTaken, shareDone } from './figures.ts';

interface LineProps {
  jobId: number;
  /** Among the rows that are shown, from 0. */
  index: number;
  /** Pixels from the top of the body. */
  top: number;
  /** The one row that Tab leads to. */
  isReached: boolean;
}

/** One row. It is drawn anew when its job changes, and no other is. */
export function JobLine({ jobId, index, top, isReached }: LineProps) {
  const job = jobSignal(jobId)?.value;
  if (job === undefined) return null;
  const standing = standingOf(job);
  const tabIndex = isReached ? 0 : -1;
  const { status, verdict, last_block_processed: block, attempt, blocks_per_second: rate } = job;
  const left = secondsLeft(job);
  return (
    <div
      role="row"
      class={job.error_cause === null ? 'jobs-row' : 'jobs-row has-cause'}
      aria-rowindex={index + 2}
      data-row
      data-job={jobId}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="rowheader" class="c-slice is-number">
        <a href={jobAddress(jobId)} tabIndex={tabIndex}>
          <span class="visually-hidden">Slice </span>
          {job.replay_slice_id}
        </a>
      </div>
      <div role="cell" class="c-job is-number">
        {jobId}
      </div>
      <div role="cell" class="c-blocks is-number">
        <Blocks from={job.start_block_num} to={job.end_block_num} />
      </div>
      <div role="cell" class="c-state">
        <StandingMark standing={standing} /> <span>{STATUS_NAMES[status]}</span>
      </div>
      <div role="cell" class={verdict === 'MISMATCH' ? 'c-verdict tone-bad' : 'c-verdict'}>
        {verdict === null ? '' : VERDICT_NAMES[verdict]}
      </div>
      <div role="cell" class="c-progress">
        {status !== 'WAITING_4_WORKER' && <ProgressBar share={shareDone(job)} standing={standing} />}
      </div>
      <div role="cell" class="c-block is-number">
        {block === 0 ? '' : formatCount(block)}
      </div>
      <div role="cell" class="c-rate is-number">
        {status !== 'WORKING' || rate === null ? '' : rateText(rate)}
      </div>
      <div role="cell" class="c-left is-number">
        {left === null ? '' : formatDuration(left * 1000)}
      </div>
      <div role="cell" class="c-attempt is-number">
        {attempt === 0 ? '' : attempt}
      </div>
      <div role="cell" class="c-host">
        {job.worker_id !== null && (
          <a href={hostAddress(job.worker_id)} tabIndex={tabIndex} title={job.worker_id}>
            {job.worker_id}
          </a>
        )}
      </div>
      <div role="cell" class="c-cause" title={job.error_message ?? undefined}>
        {job.error_cause ?? ''}
      </div>
      <div role="cell" class="c-taken is-number">
        <Taken job={job} />
      </div>
    </div>
  );
}

function rateText(rate: number): string {
  return rate >= 9.95 ? formatCount(rate) : rate.toFixed(1);
}

/** Only this goes on with the clock. */
function Taken({ job }: { job: JobRow }) {
  const seconds = secondsTaken(job, isHeld(job.status) ? now.value : 0);
  return <>{seconds === null ? '' : formatDuration(seconds * 1000)}</>;
}
