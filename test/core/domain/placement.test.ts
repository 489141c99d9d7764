import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/core/domain/cause.ts';
import { ALONE_MS, mayBeOffered, PREFERRED_MS } from '../../../src/core/domain/placement.ts';
import { aJob, anAttempt, NOW } from './builders.ts';

const READY = 1000;

const failedBy = (workerId: string, cause: Cause) =>
  aJob({ attempts: [anAttempt({ workerId, cause })], retry: { delayMs: 0, at: NOW } });

interface Asking {
  cause?: Cause;
  workerId?: string | null;
  after?: number;
  others?: string[];
  ready?: number | null;
}

/** Whether the job that host-1 failed is offered, so many milliseconds after it was ready. */
function isOffered({
  cause = 'disk-full',
  workerId = 'host-1',
  after = 0,
  others = [],
  ready = READY,
}: Asking) {
  return mayBeOffered(failedBy('host-1', cause), {
    workerId,
    now: READY + after,
    readyAt: () => ready,
    hasOther: (avoided) => others.some((host) => !avoided.has(host)),
  });
}

describe('a job that has not failed', () => {
  it('is for everybody', () => {
    expect(isOffered({ ready: null })).toBe(true);
  });
});

describe('a job that waits after a failure', () => {
  it('is for nobody before its time', () => {
    expect(isOffered({ workerId: 'host-2', after: -1 })).toBe(false);
    expect(isOffered({ workerId: null, after: -1 })).toBe(false);
    expect(isOffered({ workerId: 'host-2' })).toBe(true);
  });

  it('is for the same host too when the cause says nothing of it', () => {
    expect(isOffered({ cause: 'host-lost', others: ['host-2'] })).toBe(true);
  });

  it('is for callers that name themselves or not, unless they failed it', () => {
    expect(isOffered({ workerId: null, others: ['host-2'] })).toBe(true);
    expect(isOffered({ workerId: 'host-2' })).toBe(true);
  });

  it('is kept for another host as long as there is one', () => {
    expect(isOffered({ others: ['host-2'], after: 10 * ALONE_MS })).toBe(false);
  });

  it('goes to the host that failed it when there is no other, after a while', () => {
    expect(isOffered({ after: ALONE_MS - 1 })).toBe(false);
    expect(isOffered({ after: ALONE_MS })).toBe(true);
    expect(isOffered({ others: ['host-1'], after: ALONE_MS })).toBe(true);
  });

  it('is kept only for a minute when another host would merely be better', () => {
    expect(isOffered({ cause: 'download', others: ['host-2'], after: PREFERRED_MS - 1 })).toBe(false);
    expect(isOffered({ cause: 'download', others: ['host-2'], after: PREFERRED_MS })).toBe(true);
  });
});
