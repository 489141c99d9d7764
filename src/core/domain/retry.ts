/** Applies the retry policy to a job whose attempt has just ended without a result. */
import type { Cause } from './cause.ts';
import type { Attempt, Job } from './job.ts';
import { RETRY_RULES, type HostChoice, type RetryPolicy } from './retry-policy.ts';
import { formatUtc } from './time.ts';

export const RETRY_BASE_MS = 30_000;
export const RETRY_MAX_MS = 10 * 60_000;

/** Time and chance of one decision. */
export interface RetryInputs {
  readonly policy: RetryPolicy;
  readonly now: Date;
  /** From 0 up to 1. */
  readonly random: number;
}

/** The attempts that count against the budgets: those since a person last asked for another run. */
export function currentLife(job: Job): readonly Attempt[] {
  return job.attempts.slice(job.formerAttempts ?? 0);
}

/** How many attempts of the current life ended for this cause. */
function failuresBy(job: Job, cause: Cause): number {
  return currentLife(job).filter((attempt) => attempt.cause === cause).length;
}

/**
 * The job after an attempt that ended in ERROR, TIMEOUT or was given back: waiting for another one
 * while the budget of the cause lasts, else in its final state. A failure without a cause, which is an
 * older client's, is final: its own loop asks again.
 *
 * @param job with the ended attempt last, and in the state that the attempt's end made of it.
 */
export function afterFailure(job: Job, inputs: RetryInputs): Job {
  const last = job.attempts.at(-1);
  if (last === undefined) return job;
  const { cause } = last;
  const failures = cause === null ? 0 : failuresBy(job, cause);
  if (cause === null || failures > inputs.policy.budgets[cause]) return withoutRetry(job);
  return putBack(job, last, delayOf(cause, failures, inputs.random), inputs.now);
}

/** What a job that waits does not show of the attempt before, apart from why it failed. */
const NOTHING_DONE = {
  status: 'WAITING_4_WORKER',
  lastBlockProcessed: 0,
  endTime: null,
  actualHash: null,
  verdict: null,
  stage: null,
  blocksPerSecond: null,
  workerId: null,
  instanceId: null,
} as const satisfies Partial<Job>;

function putBack(job: Job, { cause, message }: Attempt, delayMs: number, now: Date): Job {
  const at = formatUtc(new Date(now.getTime() + delayMs));
  return { ...job, ...NOTHING_DONE, errorCause: cause, errorMessage: message, retry: { delayMs, at } };
}

/** No attempt is left. A mismatch that was to be confirmed stands then: it must not be lost over that. */
export function withoutRetry(job: Job): Job {
  const unconfirmed = currentLife(job).find(isToConfirm);
  if (unconfirmed !== undefined) return { ...job, ...resultOf(unconfirmed) };
  const last = job.attempts.at(-1);
  if (last === undefined || job.status !== 'WAITING_4_WORKER') return job;
  const { workerId, instanceId, endTime, lastBlockProcessed, cause, message } = last;
  const facts = { workerId, instanceId, endTime, lastBlockProcessed };
  return { ...job, ...facts, status: 'ERROR', errorCause: cause, errorMessage: message };
}

/** It got to the end, and its mismatch was put back to be confirmed. */
function isToConfirm({ outcome, cause }: Attempt): boolean {
  return outcome === 'COMPLETE' && cause === 'hash-mismatch';
}

/** What a job shows of an attempt that got to the end; the verdict is settled from it as always. */
function resultOf(attempt: Attempt): Partial<Job> {
  const { workerId, instanceId, endTime, lastBlockProcessed, actualHash, nodeosVersion } = attempt;
  const facts = { workerId, instanceId, endTime, lastBlockProcessed, actualHash, nodeosVersion };
  const nothing = { verdict: null, stage: null, blocksPerSecond: null, errorCause: null, errorMessage: null };
  return { ...facts, ...nothing, status: 'COMPLETE' };
}

/**
 * Milliseconds until the job is offered again, after so many failures for one cause: twice as long each
 * time, the upper half of it left to chance so that many jobs do not come back at one moment.
 */
export function delayOf(cause: Cause, failures: number, random: number): number {
  if (!RETRY_RULES[cause].delayed) return 0;
  const limit = Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** Math.min(failures - 1, 20));
  return Math.round(limit * (0.5 + random / 2));
}

/**
 * Puts a mismatch back that is to be confirmed, once in the job's current life. Both results stay with
 * their attempts. Returns the job itself when there is nothing to confirm.
 */
export function confirmFirst(job: Job, { confirmMismatch }: RetryPolicy, now: Date): Job {
  if (!confirmMismatch || job.status !== 'HASH_MISMATCH') return job;
  const [run, ...others] = currentLife(job).filter(({ outcome }) => outcome === 'COMPLETE');
  if (run === undefined || others.length > 0 || isToConfirm(run)) return job;
  const ended = { ...run, cause: 'hash-mismatch', message: job.errorMessage } as const;
  const attempts = job.attempts.map((attempt) => (attempt === run ? ended : attempt));
  return putBack({ ...job, attempts }, ended, 0, now);
}

/** Workers that failed the job in its current life where another host may not, with what holds for each. */
export function avoidedWorkers(job: Job): ReadonlyMap<string, Exclude<HostChoice, 'any'>> {
  const avoided = new Map<string, Exclude<HostChoice, 'any'>>();
  for (const { workerId, cause } of currentLife(job)) {
    const host = cause === null ? 'any' : RETRY_RULES[cause].host;
    if (workerId === null || host === 'any' || avoided.get(workerId) === 'another') continue;
    avoided.set(workerId, host);
  }
  return avoided;
}

/** The most attempts that the job can have unless a person asks for another run. */
export function maxAttempts(job: Job, { budgets, confirmMismatch }: RetryPolicy): number {
  const again = Object.values(budgets).reduce((sum, budget) => sum + budget, confirmMismatch ? 1 : 0);
  return (job.formerAttempts ?? 0) + 1 + again;
}
