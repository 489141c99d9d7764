import { useState } from 'preact/hooks';
import { isFinal, isHeld } from '../../../domain/transition.ts';
import { formatPercent } from '../../../format/bar.ts';
import { decideCancel } from '../../../jobs/cancel.ts';
import { decideRetry } from '../../../jobs/retry.ts';
import type { Decide } from '../../../jobs/outcome.ts';
import type { FullJobRecord } from '../../../protocol/full-record.ts';
import { change } from '../../data/change-jobs.ts';
import { STATUS_NAMES } from '../../data/words.ts';
import { Action } from '../../parts/action.tsx';
import { shareDone } from '../jobs/figures.ts';

/** What a person can have done about the job. */
export function JobActions({ job }: { job: FullJobRecord }) {
  return (
    <>
      <Retry job={job} />
      <TakeAway job={job} />
      <Cancel job={job} />
    </>
  );
}

/**
 * The job as it was when the question was asked: while somebody reads it, it does not change under their eyes,
 * and what they agree to is done only to what they have seen.
 */
function useSeen(job: FullJobRecord) {
  const [seen, setSeen] = useState<FullJobRecord | null>(null);
  return { seen: seen ?? job, onOpen: () => setSeen(job), onClose: () => setSeen(null) };
}

function ask(seen: FullJobRecord, decide: Decide): Promise<string> {
  return change([seen.job_id], (job) => decide(job, seen));
}

function Retry({ job }: { job: FullJobRecord }) {
  const { seen, ...opened } = useSeen(job);
  if (!isFinal(seen.status)) return null;
  return (
    <Action
      label="Run again"
      title={`Run slice ${seen.replay_slice_id} again?`}
      run={() => ask(seen, decideRetry({ takenBy: null, onlyFailed: false }))}
      {...opened}
    >
      <p>
        Job {seen.job_id} is at its end: {STATUS_NAMES[seen.status]}. It will wait for a host, and not count
        as done until that has replayed it once more.
      </p>
      <p>
        What was found so far stays on record with its attempts. The budgets of attempts are counted anew.
      </p>
    </Action>
  );
}

function TakeAway({ job }: { job: FullJobRecord }) {
  const { seen, ...opened } = useSeen(job);
  if (!isHeld(seen.status)) return null;
  return (
    <Action
      label="Take away…"
      confirm="Take it away"
      title={`Take slice ${seen.replay_slice_id} from ${holderOf(seen)}?`}
      danger
      run={() => ask(seen, decideRetry({ takenBy: 'Take away on the dashboard', onlyFailed: false }))}
      {...opened}
    >
      <p>
        {holderOf(seen)} is at attempt {seen.attempt}, {formatPercent(shareDone(seen))} done. It stops as soon
        as it hears of this, and what it has replayed is lost. Job {seen.job_id} waits for a host again, which
        may be the same one.
      </p>
    </Action>
  );
}

function Cancel({ job }: { job: FullJobRecord }) {
  const { seen, ...opened } = useSeen(job);
  if (!isHeld(seen.status)) return null;
  return (
    <Action
      label="Cancel…"
      confirm="End it for good"
      title={`End slice ${seen.replay_slice_id} for good?`}
      danger
      run={() => ask(seen, decideCancel('Cancel on the dashboard'))}
      {...opened}
    >
      <p>
        {holderOf(seen)} is at attempt {seen.attempt}, {formatPercent(shareDone(seen))} done. It stops as soon
        as it hears of this, and goes on with another job.
      </p>
      <p>
        Job {seen.job_id} ends in ERROR and counts as failed: the run cannot pass any more, unless somebody
        has it run again. No other attempt follows by itself.
      </p>
    </Action>
  );
}

function holderOf({ worker_id: worker }: FullJobRecord): string {
  return worker ?? 'The host that holds it';
}
