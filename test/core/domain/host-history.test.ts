import { expect, test } from 'vitest';
import { hostHistories } from '../../../src/core/domain/host-history.ts';
import type { Attempt, Job } from '../../../src/core/domain/job.ts';
import { aJob, anAttempt } from './builders.ts';

function attempt(workerId: string | null, changes: Partial<Attempt>): Attempt {
  return { ...anAttempt({ outcome: null, ...changes }), workerId };
}

function job(jobId: number, ...attempts: Attempt[]): Job {
  return { ...aJob(), jobId, attempts };
}

test('a history is told by host, the newest attempt first, over all jobs', () => {
  const histories = hostHistories(
    [
      job(
        1,
        attempt('a', { claimNumber: 1, outcome: 'ERROR' }),
        attempt('b', { number: 2, claimNumber: 4, outcome: 'COMPLETE' }),
      ),
      job(
        2,
        attempt('a', { claimNumber: 2, outcome: 'RETURNED' }),
        attempt('a', { number: 2, claimNumber: 5 }),
      ),
      job(3, attempt('a', { claimNumber: 3, outcome: 'COMPLETE' }), attempt(null, {})),
    ],
    20,
  );
  const told = ({ newest }: { newest: readonly { jobId: number; attempt: Attempt }[] }) =>
    newest.map(({ jobId, attempt: { number } }) => `${jobId}/${number}`);
  expect([...histories.keys()]).toEqual(['a', 'b']);
  expect(told(histories.get('a')!)).toEqual(['2/2', '3/1', '2/1', '1/1']);
  expect(histories.get('a')).toMatchObject({ complete: 1, failed: 1 });
  expect(told(histories.get('b')!)).toEqual(['1/2']);
});

test('only the newest are kept, and all are counted', () => {
  const made = Array.from({ length: 30 }, (_, at) =>
    attempt('a', { number: at + 1, claimNumber: at + 1, outcome: 'TIMEOUT' }),
  );
  const history = hostHistories([job(1, ...made)], 20).get('a')!;
  expect(history.failed).toBe(30);
  expect(history.newest.map(({ attempt: { number } }) => number)).toEqual(
    Array.from({ length: 20 }, (_, at) => 30 - at),
  );
});

test('attempts without a number, of an older version, come in the order of their times', () => {
  const old = ['10', '12', '11'].map((hour, at) =>
    attempt('a', { number: at + 1, startTime: `2026-11-22T${hour}:00:00` }),
  );
  const { newest } = hostHistories([job(1, ...old)], 20).get('a')!;
  expect(newest.map(({ attempt: { number } }) => number)).toEqual([2, 3, 1]);
});
