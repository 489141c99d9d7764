import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/core/domain/cause.ts';
import type { Attempt, Job } from '../../../src/core/domain/job.ts';
import { settle } from '../../../src/core/domain/ledger.ts';
import { DEFAULT_BUDGETS, DEFAULT_POLICY, type RetryPolicy } from '../../../src/core/domain/retry-policy.ts';
import {
  afterFailure,
  avoidedWorkers,
  confirmFirst,
  delayOf,
  maxAttempts,
  withoutRetry,
} from '../../../src/core/domain/retry.ts';
import { decideUpdate, type JobUpdateInput } from '../../../src/core/domain/transition.ts';
import { aJob, anAttempt, hash, NOW } from './builders.ts';

const AT = new Date(`${NOW}Z`);
const CONFIRM: RetryPolicy = { ...DEFAULT_POLICY, confirmMismatch: true };

function update(job: Job, input: JobUpdateInput, workerId = 'host-1'): Job {
  const decision = decideUpdate(job, input, { workerId }, NOW);
  if (decision.kind === 'rejected') throw new Error(decision.reason);
  return decision.job;
}

function inputs(policy = DEFAULT_POLICY, random = 0) {
  return { policy, now: AT, random };
}

/** One attempt that fails for the cause, and what follows it. */
function failing(job: Job, cause: Cause, workerId = 'host-1', policy = DEFAULT_POLICY): Job {
  const held = update(job, { status: 'STARTED' }, workerId);
  const status = cause === 'interrupted' ? 'WAITING_4_WORKER' : 'ERROR';
  const failed = update(held, { status, errorCause: cause, errorMessage: `${cause}!` }, workerId);
  return afterFailure(failed, inputs(policy));
}

describe('a failed attempt', () => {
  it('is followed by another one while the budget of its cause lasts', () => {
    const first = failing(aJob(), 'disk-full');
    expect(first).toMatchObject({
      status: 'WAITING_4_WORKER',
      workerId: null,
      endTime: null,
      lastBlockProcessed: 0,
      errorCause: 'disk-full',
      errorMessage: 'disk-full!',
      retry: { delayMs: 0, at: NOW },
      attempts: [{ outcome: 'ERROR', cause: 'disk-full' }],
    });
    const second = failing(first, 'disk-full', 'host-2');
    expect(second.status).toBe('WAITING_4_WORKER');
    expect(failing(second, 'disk-full', 'host-3')).toMatchObject({
      status: 'ERROR',
      errorCause: 'disk-full',
      workerId: 'host-3',
    });
  });

  it('counts for its own cause only', () => {
    const job = failing(failing(aJob(), 'nodeos-crash'), 'stalled', 'host-2');
    expect(job.status).toBe('WAITING_4_WORKER');
    expect(failing(job, 'nodeos-crash', 'host-3').status).toBe('ERROR');
  });

  it('is final for a job that can never work, and without a cause', () => {
    expect(failing(aJob(), 'bad-job').status).toBe('ERROR');
    const held = update(aJob(), { status: 'STARTED' });
    const failed = update(held, { status: 'ERROR', errorMessage: 'it broke' });
    expect(afterFailure(failed, inputs())).toBe(failed);
  });

  it('that was given back once too often is an error with the last reason', () => {
    const policy = { ...DEFAULT_POLICY, budgets: { ...DEFAULT_BUDGETS, interrupted: 1 } };
    const once = failing(aJob(), 'interrupted', 'host-1', policy);
    expect(once).toMatchObject({ status: 'WAITING_4_WORKER', attempts: [{ outcome: 'RETURNED' }] });
    expect(failing(once, 'interrupted', 'host-2', policy)).toMatchObject({
      status: 'ERROR',
      errorCause: 'interrupted',
      errorMessage: 'interrupted!',
      workerId: 'host-2',
      endTime: NOW,
    });
  });

  it('does not count any more when a person asks for another run', () => {
    const failed = failing(failing(aJob(), 'nodeos-crash'), 'nodeos-crash', 'host-2');
    expect(failed.status).toBe('ERROR');
    const again = update(failed, { status: 'WAITING_4_WORKER' });
    expect(again.attempts).toHaveLength(2);
    expect([...avoidedWorkers(again).keys()]).toEqual([]);
    expect(failing(again, 'nodeos-crash').status).toBe('WAITING_4_WORKER');
    expect(maxAttempts(again, DEFAULT_POLICY)).toBe(maxAttempts(failed, DEFAULT_POLICY) + 2);
  });

  it('leaves nothing of its delay once the job is claimed', () => {
    const claimed = update(failing(aJob(), 'download'), { status: 'STARTED' }, 'host-2');
    expect(claimed).not.toHaveProperty('retry');
    expect(claimed).toMatchObject({ errorCause: null, errorMessage: null });
  });
});

describe('the delay', () => {
  it('doubles from half a minute to ten minutes, the upper half of it by chance', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((failures) => delayOf('download', failures, 0) / 1000)).toEqual([
      15, 30, 60, 120, 240, 300, 300,
    ]);
    expect(delayOf('install', 1, 0.999)).toBe(29_985);
    expect(delayOf('install', 5000, 0.5)).toBe(450_000);
  });

  it('is none for causes for which waiting is no help', () => {
    expect(delayOf('host-lost', 3, 0.5)).toBe(0);
    expect(delayOf('disk-full', 2, 0.5)).toBe(0);
  });

  it('is shown as a time', () => {
    const first = failing(aJob(), 'download');
    expect(first.retry).toEqual({ delayMs: 15_000, at: '2026-11-22T11:30:15' });
    expect(failing(first, 'download').retry).toEqual({ delayMs: 30_000, at: '2026-11-22T11:30:30' });
  });
});

describe('the hosts that a job is kept from', () => {
  it('are those that failed it in a way that another host may not', () => {
    const causes: Cause[] = ['interrupted', 'download', 'disk-full', 'host-lost'];
    const job = causes.reduce((before, cause, index) => failing(before, cause, `host-${index}`), aJob());
    expect([...avoidedWorkers(job)]).toEqual([
      ['host-1', 'preferred'],
      ['host-2', 'another'],
    ]);
  });

  it('are kept from it for the stricter of two reasons', () => {
    const strict = [...avoidedWorkers(failing(failing(aJob(), 'disk-full'), 'download'))];
    const later = [...avoidedWorkers(failing(failing(aJob(), 'download'), 'disk-full'))];
    expect([strict, later]).toEqual([[['host-1', 'another']], [['host-1', 'another']]]);
  });
});

describe('a mismatch', () => {
  const WRONG = hash('bad');
  const RIGHT = hash('600d');

  /** A run to the end, settled against what the manifest knew. */
  function arriving(job: Job, actualHash: string, workerId: string): Job {
    const held = update(job, { status: 'STARTED' }, workerId);
    const done = update(held, { status: 'COMPLETE', actualHash }, workerId);
    return settle([done], []).jobs[0] ?? done;
  }
  const job = aJob({}, { knownHash: RIGHT });

  it('stands at once, unless it is to be confirmed', () => {
    const wrong = arriving(job, WRONG, 'host-1');
    expect(wrong).toMatchObject({ status: 'HASH_MISMATCH', verdict: 'MISMATCH' });
    expect(confirmFirst(wrong, DEFAULT_POLICY, AT)).toBe(wrong);
  });

  it('is run once more on another host, with the first result kept', () => {
    const again = confirmFirst(arriving(job, WRONG, 'host-1'), CONFIRM, AT);
    expect(again).toMatchObject({
      status: 'WAITING_4_WORKER',
      verdict: null,
      actualHash: null,
      errorCause: 'hash-mismatch',
      attempts: [{ outcome: 'COMPLETE', cause: 'hash-mismatch', actualHash: WRONG, workerId: 'host-1' }],
    });
    expect([...avoidedWorkers(again)]).toEqual([['host-1', 'another']]);
  });

  it('that is confirmed stands', () => {
    const again = confirmFirst(arriving(job, WRONG, 'host-1'), CONFIRM, AT);
    const confirmed = arriving(again, WRONG, 'host-2');
    expect(confirmFirst(confirmed, CONFIRM, AT)).toBe(confirmed);
    expect(confirmed).toMatchObject({ status: 'HASH_MISMATCH', verdict: 'MISMATCH' });
    expect(settle([confirmed], []).conflicts).toEqual([]);
  });

  it('that the second run does not see is settled by that, and reported as a conflict of both', () => {
    const again = confirmFirst(arriving(job, WRONG, 'host-1'), CONFIRM, AT);
    const other = arriving(again, RIGHT, 'host-2');
    expect(other).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED', actualHash: RIGHT });
    expect(settle([other], []).conflicts).toMatchObject([
      {
        block: 200,
        sliceId: 2,
        attempts: [
          { attempt: 1, workerId: 'host-1', hash: WRONG, late: false },
          { attempt: 2, workerId: 'host-2', hash: RIGHT, late: false },
        ],
      },
    ]);
  });

  it('stands when the run that was to confirm it comes to nothing', () => {
    let at = confirmFirst(arriving(job, WRONG, 'host-1'), CONFIRM, AT);
    at = failing(at, 'nodeos-crash', 'host-2', CONFIRM);
    expect(at.status).toBe('WAITING_4_WORKER');
    at = failing(at, 'nodeos-crash', 'host-3', CONFIRM);
    expect(at).toMatchObject({ status: 'COMPLETE', actualHash: WRONG, workerId: 'host-1' });
    const settled = settle([at], []).jobs[0] ?? at;
    expect(settled).toMatchObject({ status: 'HASH_MISMATCH', verdict: 'MISMATCH' });
    expect(confirmFirst(settled, CONFIRM, AT)).toBe(settled);
  });

  it('stands also when the run that was to confirm it fails without a cause', () => {
    const again = confirmFirst(arriving(job, WRONG, 'host-1'), CONFIRM, AT);
    const failed = update(update(again, { status: 'STARTED' }), { status: 'TIMEOUT' });
    expect(withoutRetry(failed)).toMatchObject({ status: 'COMPLETE', actualHash: WRONG });
  });

  it('of versions that differ is no conflict between attempts', () => {
    const attempt = (number: number, actualHash: string, nodeosVersion: string | null): Attempt =>
      anAttempt({ number, outcome: 'COMPLETE', actualHash, nodeosVersion });
    const run = (...attempts: Attempt[]) => settle([{ ...job, attempts }], []).conflicts;
    expect(run(attempt(1, WRONG, 'v1.2.2'), attempt(2, RIGHT, 'v1.2.3'))).toEqual([]);
    expect(run(attempt(1, WRONG, 'v1.2.2'), attempt(2, RIGHT, null))).toHaveLength(1);
  });
});
