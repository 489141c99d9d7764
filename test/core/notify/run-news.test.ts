import { describe, expect, test } from 'vitest';
import { endId, endNews, quietNews } from '../../../src/core/notify/run-news.ts';
import { hostNews, hostNewsId } from '../../../src/core/notify/host-news.ts';

describe('the end of a run', () => {
  const ended = { attempts: 4, open: 0, held: 0 };

  test.each([
    ['while a job waits', { ...ended, open: 1 }],
    ['while one is held', { attempts: 4, open: 1, held: 1 }],
    ['before anything began', { attempts: 0, open: 0, held: 0 }],
  ])('is not told %s', (_when, state) => {
    expect(endNews(state, 'passed', null)).toBeNull();
  });

  test('is told once', () => {
    const told = endNews(ended, 'failed', null);
    expect(told).toEqual({ attempts: 4, outcome: 'failed' });
    expect(endNews(ended, 'failed', told)).toBeNull();
  });

  test('is another one after more attempts, and with another outcome', () => {
    const told = { attempts: 4, outcome: 'failed' } as const;
    const ids = [endNews({ ...ended, attempts: 5 }, 'failed', told), endNews(ended, 'passed', told)].map(
      (news) => endId(news!),
    );
    expect(ids).toEqual(['ended/after 5 attempts/failed', 'ended/after 4 attempts/passed']);
  });
});

describe('a time in which jobs wait and no host works', () => {
  const quiet = { attempts: 4, open: 2, held: 0 };

  test('is told when it is too long, once', () => {
    expect(quietNews(quiet, false, null)).toBeNull();
    const told = quietNews(quiet, true, null);
    expect(told).toEqual({ attempts: 4, over: false });
    expect(quietNews(quiet, true, told)).toBeNull();
  });

  test('is over with the next claim, which is told once, also when it is found out late', () => {
    const told = { attempts: 4, over: false };
    const over = quietNews({ attempts: 6, open: 1, held: 0 }, false, told);
    expect(over).toEqual({ attempts: 4, over: true });
    expect(quietNews({ attempts: 6, open: 1, held: 0 }, false, over)).toBeNull();
  });

  test('is none when all is done or somebody works', () => {
    expect(quietNews({ attempts: 4, open: 0, held: 0 }, true, null)).toBeNull();
    expect(quietNews({ attempts: 4, open: 2, held: 1 }, true, null)).toBeNull();
  });

  test('comes again after work', () => {
    expect(quietNews({ ...quiet, attempts: 5 }, true, { attempts: 4, over: true })).toEqual({
      attempts: 5,
      over: false,
    });
  });
});

describe('a host that is set aside', () => {
  const failure = (jobId: number) =>
    ({ jobId, attempt: 1, cause: 'install', message: null, at: '2026-11-22T10:00:00' }) as const;
  const host = { workerId: 'host 1\n"x"', since: '2026-11-22T10:00:00', failures: [1, 2, 3].map(failure) };

  test('is told for its last failure, once, also when more failures follow', () => {
    const told = hostNews(host, null);
    expect(told).toEqual({ jobId: 3, attempt: 1 });
    expect(hostNews({ ...host, failures: [2, 3, 4].map(failure) }, told)).toBeNull();
  });

  test('is told again after it was cleared', () => {
    expect(hostNews({ ...host, failures: [4, 5, 6].map(failure) }, { jobId: 3, attempt: 1 })).toEqual({
      jobId: 6,
      attempt: 1,
    });
  });

  test('has an id of printable ASCII, whatever it calls itself', () => {
    expect(hostNewsId('h\ud800 "\u00e4"', { jobId: 3, attempt: 1 })).toMatch(/^[\x20-\x7e]+$/u);
    expect(hostNewsId(host.workerId, { jobId: 3, attempt: 1 })).not.toContain('"');
  });
});
