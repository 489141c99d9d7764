import { describe, expect, test } from 'vitest';
import type { Job } from '../../../src/core/domain/job.ts';
import { jobNews, jobNewsId, type JobTold } from '../../../src/core/notify/job-news.ts';
import { aJob, anAttempt, hash } from '../domain/builders.ts';

const waiting = aJob();
const held = aJob({ status: 'WORKING', attempts: [anAttempt({ outcome: null })] });
const wrong = finished('HASH_MISMATCH', 'MISMATCH', 1);
const right = finished('COMPLETE', 'VERIFIED', 1);
const pending = finished('COMPLETE', 'PENDING', 1);
const failed = aJob({ status: 'ERROR', attempts: [anAttempt({ number: 1, outcome: 'ERROR' })] });
const failedAgain = {
  ...failed,
  attempts: [...failed.attempts, anAttempt({ number: 2, outcome: 'ERROR' })],
};
const toConfirm = aJob({
  attempts: [anAttempt({ number: 1, outcome: 'COMPLETE', cause: 'hash-mismatch', actualHash: hash('b') })],
});
const unconfirmed = {
  ...toConfirm,
  ...({ status: 'HASH_MISMATCH', verdict: 'MISMATCH', actualHash: hash('b') } as const),
  attempts: [...toConfirm.attempts, anAttempt({ number: 2, outcome: 'ERROR' })],
};
const confirmed = finished('HASH_MISMATCH', 'MISMATCH', 2);
const refuted = finished('COMPLETE', 'VERIFIED', 2);

function finished(status: Job['status'], verdict: Job['verdict'], attempt: number): Job {
  const made = { outcome: 'COMPLETE', actualHash: hash('b') } as const;
  const attempts = Array.from({ length: attempt }, (_, index) => anAttempt({ number: index + 1, ...made }));
  return aJob({ status, verdict, actualHash: hash('b'), attempts });
}

/** Ids of what is told when the job goes through these states, each looked at twice. */
function told(...states: Job[]): string[] {
  let before: JobTold | null = null;
  return [...states].flatMap((job) => {
    const ids = [job, job].flatMap((seen) => {
      const news = jobNews(seen, before);
      before = news ?? before;
      return news === null ? [] : [jobNewsId(7, news).replace('job 7/', '')];
    });
    return ids;
  });
}

describe('what is told of a job', () => {
  test.each<[what: string, states: Job[], ids: string[]]>([
    ['nothing while it goes well', [waiting, held, pending, right], []],
    ['a mismatch, once', [held, wrong], ['attempt 1/mismatch']],
    ['a failure for good', [held, failed], ['attempt 1/job-failed']],
    [
      'each failure for good after somebody asked for another run',
      [failed, waiting, failedAgain],
      ['attempt 1/job-failed', 'attempt 2/job-failed'],
    ],
    ['a mismatch that is withdrawn', [wrong, right], ['attempt 1/mismatch', 'attempt 1/mismatch-withdrawn']],
    ['not while the verdict is pending', [wrong, pending], ['attempt 1/mismatch']],
    [
      'a mismatch that comes back',
      [wrong, right, wrong, right],
      [
        'attempt 1/mismatch',
        'attempt 1/mismatch-withdrawn',
        'attempt 1/mismatch/2',
        'attempt 1/mismatch-withdrawn/2',
      ],
    ],
    [
      'a mismatch that is confirmed',
      [held, toConfirm, confirmed],
      ['attempt 1/mismatch-unconfirmed', 'attempt 2/mismatch'],
    ],
    [
      'a mismatch that is not confirmed',
      [toConfirm, refuted],
      ['attempt 1/mismatch-unconfirmed', 'attempt 2/mismatch-withdrawn'],
    ],
    [
      'a mismatch that nobody could confirm',
      [toConfirm, wrong],
      ['attempt 1/mismatch-unconfirmed', 'attempt 1/mismatch'],
    ],
    [
      'a mismatch whose confirmation failed on its host',
      [toConfirm, unconfirmed],
      ['attempt 1/mismatch-unconfirmed', 'attempt 1/mismatch'],
    ],
    [
      'a mismatch that another run takes back, with a failure in between',
      [wrong, waiting, failedAgain, finished('COMPLETE', 'VERIFIED', 3)],
      ['attempt 1/mismatch', 'attempt 2/job-failed', 'attempt 3/mismatch-withdrawn'],
    ],
  ])('%s', (_what, states, ids) => {
    expect(told(...states)).toEqual(ids);
  });
});
