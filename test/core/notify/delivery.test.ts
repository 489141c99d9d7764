import { describe, expect, test } from 'vitest';
import { Delivery, LIFETIME_MS, TRIES_WHEN_REFUSED } from '../../../src/core/notify/delivery.ts';
import type { Message } from '../../../src/core/notify/message.ts';
import { nextMessage, refilled } from '../../../src/core/notify/pacing.ts';
import type { Sent } from '../../../src/core/notify/send.ts';
import { parseTarget, type Target } from '../../../src/core/notify/target.ts';
import { ManualMonotonic } from '../orchestrator/manual-monotonic.ts';
import { recordingLogger } from '../orchestrator/harness.ts';
import { aNotification, AT, notifications } from './builders.ts';

const DELIVERED: Sent = { result: 'delivered', what: 'HTTP 200', retryAfterMs: null };
const FAILED: Sent = { result: 'failed', what: 'HTTP 503', retryAfterMs: null };
const REFUSED: Sent = { result: 'refused', what: 'HTTP 404', retryAfterMs: null };

/** A delivery whose target answers what the test says, at once unless it says nothing. */
class Post {
  readonly timer = new ManualMonotonic();
  readonly sent: string[] = [];
  readonly done: string[] = [];
  readonly log = recordingLogger();
  answer: (message: Message, signal: AbortSignal) => Promise<Sent> = async () => DELIVERED;
  elapsed = 0;
  readonly delivery = new Delivery({
    target: parseTarget('https://example.com/x', null) as Target,
    send: (message, signal) => {
      this.sent.push(message.notifications.map(({ id }) => id).join(' '));
      return this.answer(message, signal);
    },
    done: (delivered) => this.done.push(...delivered.map(({ id }) => id)),
    timer: this.timer,
    now: () => new Date(Date.parse(`${AT}Z`) + this.elapsed),
    random: () => 0,
    logger: this.log.logger,
  });

  add(...list: ReturnType<typeof notifications>): Promise<void> {
    for (const one of list) this.delivery.add(one);
    this.delivery.wake();
    return this.settle();
  }

  async elapse(milliseconds: number): Promise<void> {
    this.elapsed += milliseconds;
    this.timer.advance(milliseconds);
    await this.settle();
  }

  /** All that follows without time passing has happened: everything here resolves in microtasks. */
  async settle(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}

describe('a target that answers', () => {
  test('gets a few one by one, in order', async () => {
    const post = new Post();
    await post.add(...notifications(3));
    expect(post.sent).toEqual(['job-failed 1', 'job-failed 2', 'job-failed 3']);
    expect(post.done).toEqual(post.sent);
  });

  test('gets many in one message, of a hundred at most', async () => {
    const post = new Post();
    await post.add(...notifications(250));
    expect(post.sent.map((ids) => ids.split('job-failed').length - 1)).toEqual([100, 100, 50]);
  });

  test('gets ten messages, and then one a minute with all that has come', async () => {
    const post = new Post();
    for (let count = 0; count < 10; count += 1) await post.add(aNotification({ id: `a${count}` }));
    await post.add(...notifications(30));
    expect(post.sent).toHaveLength(10);
    await post.elapse(59_999);
    expect(post.sent).toHaveLength(10);
    await post.elapse(1);
    expect(post.sent).toHaveLength(11);
    expect(post.done).toHaveLength(40);
  });

  test('gets one request at a time', async () => {
    const post = new Post();
    let answer: (sent: Sent) => void = () => undefined;
    post.answer = () => new Promise((resolve) => (answer = resolve));
    await post.add(...notifications(2));
    await post.add(aNotification({ id: 'x' }));
    expect(post.sent).toEqual(['job-failed 1']);
    answer(DELIVERED);
    await post.settle();
    expect(post.sent).toEqual(['job-failed 1', 'job-failed 2']);
  });
});

describe('a target that fails', () => {
  test('gets the same message again after pauses that grow, and what came meanwhile after it', async () => {
    const post = new Post();
    post.answer = async () => FAILED;
    await post.add(aNotification({ id: 'first' }));
    await post.add(...notifications(2));
    await post.elapse(999);
    expect(post.sent).toEqual(['first']);
    await post.elapse(1);
    expect(post.sent).toEqual(['first', 'first']);
    await post.elapse(1_999);
    expect(post.sent).toHaveLength(2);
    post.answer = async () => DELIVERED;
    await post.elapse(1);
    expect(post.sent).toEqual(['first', 'first', 'first', 'job-failed 1', 'job-failed 2']);
    expect(post.log.log.map(({ message }) => message)).toContain('delivered in the end');
  });

  test('is left alone for as long as it asks', async () => {
    const post = new Post();
    post.answer = async () => ({ ...FAILED, retryAfterMs: 120_000 });
    await post.add(aNotification());
    await post.elapse(119_999);
    expect(post.sent).toHaveLength(1);
    await post.elapse(1);
    expect(post.sent).toHaveLength(2);
  });

  test('is tried for a day, and then the notification is given up, as the log says', async () => {
    const post = new Post();
    post.answer = async () => FAILED;
    await post.add(aNotification({ id: 'old' }));
    while (post.elapsed <= LIFETIME_MS + 3_600_000) await post.elapse(900_000);
    expect(post.done).toEqual(['old']);
    expect(post.sent.length).toBeGreaterThan(50);
    expect(post.sent.length).toBeLessThan(150);
    expect(post.log.log.filter(({ level }) => level === 'error')).toMatchObject([
      {
        message: 'could not be delivered, and is given up',
        fields: { notifications: ['old'], reason: 'HTTP 503' },
      },
    ]);
  });

  test('gives up what is too old, and goes on with the rest of the message', async () => {
    const post = new Post();
    post.elapsed = LIFETIME_MS + 1;
    post.answer = async () => FAILED;
    const young = notifications(11).map((one) => ({ ...one, at: '2026-11-23T10:00:00' }));
    await post.add(aNotification({ id: 'old' }), ...young);
    expect(post.done).toEqual(['old']);
    post.answer = async () => DELIVERED;
    await post.elapse(60_000);
    expect(post.done).toHaveLength(12);
  });

  test('that refuses a message is asked a few times, and then gets the next one', async () => {
    const post = new Post();
    post.answer = async ({ id }) => (id === 'bad' ? REFUSED : DELIVERED);
    await post.add(aNotification({ id: 'bad' }), aNotification({ id: 'good' }));
    for (let hour = 0; hour < TRIES_WHEN_REFUSED; hour += 1) await post.elapse(3_600_000);
    expect(post.sent.filter((ids) => ids === 'bad')).toHaveLength(TRIES_WHEN_REFUSED);
    expect(post.done).toEqual(['bad', 'good']);
  });
});

describe('the end', () => {
  test('lets what is on its way arrive, and sends what waits', async () => {
    const post = new Post();
    await post.add();
    for (const one of notifications(3)) post.delivery.add(one);
    post.delivery.wake();
    await post.delivery.close(1000);
    expect(post.done).toHaveLength(3);
  });

  test('does not wait for a target that does not answer, or for its next try', async () => {
    const silent = new Post();
    silent.answer = (_message, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(FAILED)));
    await silent.add(...notifications(2));
    await silent.delivery.close(1);
    const failing = new Post();
    failing.answer = async () => FAILED;
    await failing.add(...notifications(2));
    await failing.delivery.close(60_000);
    for (const post of [silent, failing]) {
      await post.elapse(3_600_000);
      expect(post.done).toEqual([]);
      expect(post.sent).toEqual(['job-failed 1']);
      expect(post.timer.timers).toBe(0);
    }
  });
});

test('the allowance grows by one a minute, up to ten', () => {
  const empty = { messages: 0, at: 0 };
  expect(refilled(empty, 30_000)).toEqual({ messages: 0.5, at: 30_000 });
  expect(refilled(empty, 3_600_000).messages).toBe(10);
  expect(nextMessage(5, { messages: 0.9, at: 0 })).toBe(0);
  expect(nextMessage(0, { messages: 10, at: 0 })).toBe(0);
});
