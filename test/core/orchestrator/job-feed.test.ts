import { describe, expect, it } from 'vitest';
import { JobFeed } from '../../../src/core/orchestrator/events/job-feed.ts';

const NEVER = new AbortController().signal;

describe('what a reader has not been told', () => {
  it('is told in the order of the changes, each job once and with its last change', async () => {
    const feed = new JobFeed();
    feed.changed(1, 5);
    feed.changed(2, 6);
    feed.changed(1, 7);
    await expect(feed.next(10, NEVER)).resolves.toEqual({
      jobs: [
        { jobId: 2, change: 6 },
        { jobId: 1, change: 7 },
      ],
      summary: false,
      hosts: null,
    });
  });

  it('tells the numbers after the jobs that they count', async () => {
    const feed = new JobFeed();
    feed.summaryDue();
    feed.changed(1, 1);
    feed.changed(2, 2);
    await expect(feed.next(1, NEVER)).resolves.toMatchObject({ jobs: [{ jobId: 1 }], summary: false });
    await expect(feed.next(1, NEVER)).resolves.toMatchObject({ jobs: [{ jobId: 2 }], summary: true });
  });

  it('tells one change of the hosts, and all hosts to whoever has missed one', async () => {
    const feed = new JobFeed();
    const change = { at: '2026-11-22T10:51:26', all: false, hosts: [{ worker_id: 'a' }], gone: [] };
    feed.hostsChanged(change);
    await expect(feed.next(10, NEVER)).resolves.toMatchObject({ hosts: change });
    feed.hostsChanged(change);
    feed.hostsChanged(change);
    await expect(feed.next(10, NEVER)).resolves.toMatchObject({ hosts: 'all' });
  });

  it('is waited for, and the waiting ends with the signal', async () => {
    const feed = new JobFeed();
    const news = feed.next(10, NEVER);
    feed.changed(3, 1);
    await expect(news).resolves.toMatchObject({ jobs: [{ jobId: 3 }] });
    const over = new AbortController();
    const none = feed.next(10, over.signal);
    over.abort();
    await expect(none).resolves.toBeNull();
  });
});
