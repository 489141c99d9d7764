import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expire, LeaseBook } from '../../../src/core/domain/lease.ts';
import { DEFAULT_BUDGETS, DEFAULT_POLICY } from '../../../src/core/domain/retry-policy.ts';
import { decideUpdate } from '../../../src/core/domain/transition.ts';
import type { Job } from '../../../src/core/domain/job.ts';
import { aJob, NOW } from './builders.ts';

const INPUTS = { policy: DEFAULT_POLICY, now: new Date(`${NOW}Z`), random: 0 };

describe('the book of leases', () => {
  it('says whose term is over, the first one first', () => {
    const book = new LeaseBook(100);
    book.renew(1, 0);
    book.renew(2, 10);
    book.renew(1, 50);
    expect([book.firstEnd(), book.overdue(109), book.overdue(110), book.overdue(150)]).toEqual([
      110,
      [],
      [2],
      [2, 1],
    ]);
    book.end(2);
    expect([book.firstEnd(), book.endOf(2), book.endOf(1)]).toEqual([150, null, 150]);
    book.end(1);
    expect(book.firstEnd()).toBeNull();
  });

  it('agrees with one that looks at every lease', () => {
    const step = fc.record({ wait: fc.nat(60), jobId: fc.nat(5), end: fc.boolean() });
    const property = fc.property(fc.array(step), (steps) => {
      const book = new LeaseBook(100);
      const model = new Map<number, number>();
      let now = 0;
      for (const { wait, jobId, end } of steps) {
        now += wait;
        if (end) book.end(jobId);
        else book.renew(jobId, now);
        if (end) model.delete(jobId);
        else model.set(jobId, now + 100);
        const over = [...model].filter(([, at]) => at <= now).map(([id]) => id);
        expect(new Set(book.overdue(now))).toEqual(new Set(over));
        expect(book.firstEnd()).toBe(model.size === 0 ? null : Math.min(...model.values()));
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});

describe('a lease that runs out', () => {
  const claim = (job: Job): Job => {
    const decision = decideUpdate(job, { status: 'STARTED' }, { workerId: 'host-1' }, NOW);
    if (decision.kind === 'rejected') throw new Error(decision.reason);
    return decision.job;
  };

  it('puts the job back, and says why', () => {
    const held = { ...claim(aJob()), status: 'WORKING', lastBlockProcessed: 150 } as const;
    const back = expire(held, 'worker host-1', 120, INPUTS);
    expect(back).toMatchObject({
      status: 'WAITING_4_WORKER',
      workerId: null,
      lastBlockProcessed: 0,
      errorCause: 'host-lost',
      errorMessage: 'worker host-1 was not heard from for 120 s',
      retry: { delayMs: 0 },
      attempts: [{ outcome: 'TIMEOUT', cause: 'host-lost', endTime: NOW, workerId: 'host-1' }],
    });
    expect(back.revision).toBeGreaterThan(held.revision);
  });

  it('ends in TIMEOUT when the budget is spent', () => {
    const policy = { ...DEFAULT_POLICY, budgets: { ...DEFAULT_BUDGETS, 'host-lost': 1 } };
    const once = expire(claim(aJob()), 'worker host-1', 120, { ...INPUTS, policy });
    expect(once.status).toBe('WAITING_4_WORKER');
    expect(expire(claim(once), 'worker host-1', 120, { ...INPUTS, policy })).toMatchObject({
      status: 'TIMEOUT',
      errorCause: 'host-lost',
      workerId: 'host-1',
    });
  });

  it('is no matter for a job that nobody holds', () => {
    expect(() => expire(aJob(), 'worker host-1', 120, INPUTS)).toThrow('cannot expire');
  });
});
