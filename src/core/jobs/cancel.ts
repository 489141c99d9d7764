import { isHeld } from '../domain/transition.ts';
import { type Decide, holderOf, leave, outcomeOf } from './outcome.ts';

/**
 * Without a cause: of all reasons for a failure this one is followed by no other attempt, whatever the
 * budgets are, and it counts against no host.
 */
const cancelled = (how: string): string => `A person cancelled it (${how}).`;

/**
 * Ends the attempt that is seen at work on a job, for good. A job that waits cannot be ended: the protocol
 * has no move from WAITING_4_WORKER to a final state, and to claim it only to fail it would leave an
 * attempt on record that nobody made.
 * @param how the person did it, for the record: the command, or the button
 */
export const decideCancel =
  (how: string): Decide =>
  (job, first) => {
    if (job.status === 'WAITING_4_WORKER') {
      const message = isHeld(first.status)
        ? 'was given back by its host meanwhile, and waits; only a job that a host is at work on can be cancelled'
        : 'waits, and only a job that a host is at work on can be cancelled';
      return leave(job, 'waiting', false, message);
    }
    if (!isHeld(job.status)) return leave(job, 'ended', true, `is at its end already: ${job.status}`);
    const holder = holderOf(job);
    if (job.attempt !== first.attempt) {
      const message = `has begun attempt ${job.attempt} meanwhile, on ${holder}, and was left to it`;
      return leave(job, 'held', false, message);
    }
    const outcome = outcomeOf(job, 'cancelled', true, `was taken from ${holder} and ended for good`);
    return { kind: 'ask', update: { status: 'ERROR', error_message: cancelled(how) }, outcome };
  };
