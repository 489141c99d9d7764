import { hasFailed, isHeld } from '../domain/transition.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { type Decide, holderOf, leave, outcomeOf, type Step } from './outcome.ts';

export interface RetryOptions {
  /**
   * How a person takes a job from the host that is at work on it, for the record: the command, or the button.
   * null: it is left to that host.
   */
  takenBy: string | null;
  /** Leave jobs alone that have not failed. */
  onlyFailed: boolean;
}

/** What the attempt keeps as the reason of its end. */
const taken = (how: string): string => `A person took the job from its host (${how}).`;

/**
 * Another run of a job. Whoever asks twice gets one: what counts is the attempt that was seen first, and
 * a later one is the run that was wanted.
 */
export function decideRetry({ takenBy, onlyFailed }: RetryOptions): Decide {
  return (job, first) => {
    if (job.status === 'WAITING_4_WORKER') return leave(job, 'waiting', true, waits(job));
    if (isHeld(job.status)) return decideHeld(job, first, onlyFailed ? null : takenBy);
    if (isHeld(first.status)) {
      const message = `came to its end meanwhile: ${job.status}; ask again if it is to run once more`;
      return leave(job, 'ended', false, message);
    }
    if (onlyFailed && !hasFailed(job)) {
      return leave(job, 'ended', true, `has not failed any more: ${job.status}; left as it is`);
    }
    const message = `was ${job.status}, and waits for a host now`;
    const outcome = outcomeOf(job, 'queued', true, message);
    return { kind: 'ask', update: { status: 'WAITING_4_WORKER' }, outcome };
  };
}

function decideHeld(job: FullJobRecord, first: FullJobRecord, takenBy: string | null): Step {
  const holder = holderOf(job);
  if (!isHeld(first.status) || job.attempt !== first.attempt) {
    return leave(job, 'running', true, `runs again already: ${holder} is at attempt ${job.attempt}`);
  }
  if (takenBy === null) {
    const message = `${holder} is at work on it (${job.status}, attempt ${job.attempt}); --force takes it away`;
    return leave(job, 'held', false, message);
  }
  const outcome = outcomeOf(job, 'queued', true, `was taken from ${holder}, and waits for a host now`);
  return { kind: 'ask', update: { status: 'WAITING_4_WORKER', error_message: taken(takenBy) }, outcome };
}

function waits({ retry_at: at }: FullJobRecord): string {
  return at === null ? 'waits for a host already' : `waits already, and is offered again after ${at}Z`;
}
