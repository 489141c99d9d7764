import type { ComponentChildren } from 'preact';
import { formatCount } from '../../../format/count.ts';
import { formatDuration } from '../../../format/duration.ts';
import { formatBlockRate } from '../../../format/rate.ts';
import { utcSeconds } from '../../../domain/time.ts';
import { isHeld } from '../../../domain/transition.ts';
import type { FullJobRecord } from '../../../protocol/full-record.ts';
import { standingOf } from '../../data/standing.ts';
import { STAGE_NAMES } from '../../data/stages.ts';
import { STATUS_NAMES } from '../../data/words.ts';
import { now } from '../../parts/now.ts';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { Time } from '../../parts/time.tsx';
import { hostAddress } from '../../routing/addresses.ts';
import { secondsLeft, secondsTaken, shareDone } from '../jobs/figures.ts';

/** How it stands. */
export function Now({ job }: { job: FullJobRecord }) {
  const { status, stage, worker_id: host, attempt, max_attempts, last_block_processed: block } = job;
  const held = isHeld(status);
  const left = secondsLeft(job);
  return (
    <dl class="card job-now">
      <Fact name="State">
        {STATUS_NAMES[status]}
        {held && stage !== null && STAGE_NAMES[stage] !== STATUS_NAMES[status] && (
          <small>{STAGE_NAMES[stage]}</small>
        )}
      </Fact>
      {status !== 'WAITING_4_WORKER' && (
        <Fact name="Blocks done">
          <ProgressBar share={shareDone(job)} standing={standingOf(job)} />
          <small>{block === 0 ? 'none yet' : `at ${formatCount(block)}`}</small>
        </Fact>
      )}
      {status === 'WORKING' && (
        <Fact name="Rate">
          {formatBlockRate(job.blocks_per_second)}
          <small>{left === null ? '' : `${formatDuration(left * 1000)} left`}</small>
        </Fact>
      )}
      <Fact name="Attempt">
        {attempt === 0 ? 'none yet' : attempt}
        {attempt > 0 && max_attempts !== null && <small>of at most {max_attempts}</small>}
      </Fact>
      {host !== null && (
        <Fact name="Host">
          <a href={hostAddress(host)}>{host}</a>
          <small>{job.instance_id ?? ''}</small>
        </Fact>
      )}
      {status !== 'WAITING_4_WORKER' && (
        <Fact name={held ? 'At work for' : 'Took'}>
          <Taken job={job} />
          <small>
            since <Time at={job.start_time} />
          </small>
        </Fact>
      )}
      {held && job.lease_expires_at !== null && (
        <Fact name="Taken from it in">
          <LeaseLeft until={job.lease_expires_at} />
          <small>unless it is heard from</small>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Taken({ job }: { job: FullJobRecord }) {
  const seconds = secondsTaken(job, isHeld(job.status) ? now.value : 0);
  return <>{seconds === null ? '–' : formatDuration(seconds * 1000)}</>;
}

function LeaseLeft({ until }: { until: string }) {
  return <>{formatDuration(Math.max(0, utcSeconds(until) - now.value) * 1000)}</>;
}
