import { describe, expect, test } from 'vitest';
import { Leases } from '../../../src/core/orchestrator/leases.ts';
import { recordingLogger } from './harness.ts';
import { ManualMonotonic } from './manual-monotonic.ts';

function watching(expire: (jobIds: number[]) => Promise<void>) {
  const clock = new ManualMonotonic();
  const { log, logger } = recordingLogger();
  const leases = new Leases({ termSeconds: 60, clock, now: () => new Date(), logger });
  leases.begin([1], (overdue) => expire(overdue()));
  /** Lets time pass, and what follows happen. */
  const elapse = async (milliseconds: number): Promise<void> => {
    clock.advance(milliseconds);
    await new Promise(setImmediate);
  };
  return { clock, leases, log, elapse };
}

describe('the timer of the leases', () => {
  test('tries again when jobs could not be put back, and leaves out who was heard from meanwhile', async () => {
    const tried: number[][] = [];
    let full = true;
    const { leases, log, elapse } = watching(async (jobIds) => {
      tried.push(jobIds);
      if (full) throw new Error('no space left');
      for (const jobId of jobIds) leases.end(jobId);
    });
    leases.renew(2);
    await elapse(60_000);
    expect(tried).toEqual([[1, 2]]);
    expect(log).toMatchObject([{ level: 'error', fields: { reason: 'no space left' } }]);
    leases.renew(2);
    full = false;
    await elapse(5_000);
    expect(tried).toEqual([[1, 2], [1]]);
    await elapse(55_000);
    expect(tried).toEqual([[1, 2], [1], [2]]);
  });

  test('is called off at the end', async () => {
    const { clock, leases, elapse } = watching(() => Promise.reject(new Error('too late')));
    leases.close();
    leases.renew(2);
    await elapse(120_000);
    expect(clock.timers).toBe(0);
  });

  test('goes off early after a renewal, and is set again', async () => {
    const tried: number[][] = [];
    const { clock, leases, elapse } = watching(async (jobIds) => void tried.push(jobIds));
    await elapse(30_000);
    leases.renew(1);
    expect(clock.timers).toBe(1);
    await elapse(59_999);
    expect(tried).toEqual([]);
    await elapse(1);
    expect(tried).toEqual([[1]]);
    leases.close();
  });
});
