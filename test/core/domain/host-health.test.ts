import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/core/domain/cause.ts';
import { CAUSES } from '../../../src/core/domain/cause.ts';
import { afterAttempt, attemptsByWorker, setAside } from '../../../src/core/domain/host-health.ts';
import type { Attempt } from '../../../src/core/domain/job.ts';
import { aJob, anAttempt, NOW } from './builders.ts';

const attempt = (changes: Partial<Attempt>): Attempt => anAttempt({ claimNumber: 1, ...changes });

/** Whether a host is set aside after attempts that ended so; null: COMPLETE. */
function isSetAside(...ends: (Cause | null)[]): boolean {
  const attempts = ends.map((cause) => attempt(cause === null ? { outcome: 'COMPLETE' } : { cause }));
  const inARow = attempts.reduce<ReturnType<typeof afterAttempt>>(
    (before, made) => afterAttempt(before, { jobId: 7, attempt: made }),
    [],
  );
  return setAside('host-1', inARow) !== null;
}

describe('a host', () => {
  it('is set aside after three failures in a row that speak against it', () => {
    expect(isSetAside('install', 'disk-full')).toBe(false);
    expect(isSetAside('install', 'disk-full', 'download')).toBe(true);
    expect(isSetAside('host-lost', 'host-lost', 'out-of-memory', 'install')).toBe(true);
  });

  it('is well again after a result, or a failure that shows that it works', () => {
    expect(isSetAside('install', 'install', null, 'install')).toBe(false);
    expect(isSetAside('install', 'install', 'nodeos-crash', 'install')).toBe(false);
  });

  it('is neither better nor worse for what says nothing of it', () => {
    expect(isSetAside('install', 'interrupted', 'install', 'bad-job', 'install')).toBe(true);
  });

  it.each(CAUSES)('%s alone', (cause) => {
    const against: readonly Cause[] = ['install', 'download', 'disk-full', 'out-of-memory', 'host-lost'];
    expect(isSetAside(cause, cause, cause)).toBe(against.includes(cause));
  });

  it('is shown with what it failed, and since when', () => {
    const ends = ['a', 'b', 'c', 'd'].map((message) => attempt({ cause: 'install', message }));
    const inARow = ends.reduce<ReturnType<typeof afterAttempt>>(
      (before, made, index) => afterAttempt(before, { jobId: index, attempt: made }),
      [],
    );
    expect(setAside('host-1', inARow)).toEqual({
      workerId: 'host-1',
      since: NOW,
      failures: ['b', 'c', 'd'].map((message, index) => ({
        jobId: index + 1,
        attempt: 1,
        cause: 'install',
        message,
        at: NOW,
      })),
    });
  });
});

describe('the attempts of a host', () => {
  it('come in the order in which it made them, whatever the jobs', () => {
    const jobs = [
      aJob({ jobId: 1, attempts: [attempt({ claimNumber: 2 }), attempt({ claimNumber: 5, outcome: null })] }),
      aJob({
        jobId: 2,
        attempts: [attempt({ claimNumber: 4, workerId: null }), attempt({ claimNumber: 1 })],
      }),
      aJob({ jobId: 3, attempts: [attempt({ claimNumber: 3 })] }),
    ];
    const made = (cleared: [string, number][]) =>
      attemptsByWorker(jobs, new Map(cleared))
        .get('host-1')
        ?.map(({ jobId }) => jobId);
    expect(made([])).toEqual([2, 1, 3]);
    expect(made([['host-1', 2]])).toEqual([3]);
    expect(made([['host-1', 3]])).toBeUndefined();
  });
});
