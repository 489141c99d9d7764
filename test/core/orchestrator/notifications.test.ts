import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { parseTarget, type Target } from '../../../src/core/notify/target.ts';
import type { Notification } from '../../../src/core/notify/notification.ts';
import type { NotifyOptions } from '../../../src/core/orchestrator/notifications.ts';
import { chain, claim, complete, entry, hashOf, JSON_ONLY, serve, type Running } from './harness.ts';

const IDLE_MS = 900_000;

/** A receiver in memory: what it was sent, and what it answers next. */
class Receiver {
  readonly bodies: { id: string; notifications: Notification[] }[] = [];
  readonly keys: (string | null)[] = [];
  /** Takes the place of the next answers, one each; then 200. */
  readonly answers: ((signal: AbortSignal) => Promise<Response>)[] = [];
  #waiting: (() => void)[] = [];

  readonly fetch = async (_url: string, init: RequestInit): Promise<Response> => {
    const answer = this.answers.shift();
    this.bodies.push(JSON.parse(init.body as string) as (typeof this.bodies)[number]);
    this.keys.push(new Headers(init.headers).get('idempotency-key'));
    for (const look of this.#waiting.splice(0)) look();
    return answer === undefined ? new Response('ok') : answer(init.signal!);
  };

  get ids(): string[] {
    return this.bodies.flatMap(({ notifications }) =>
      notifications.map(({ id }) => id.replace(/^run 1\.\w+\//u, '')),
    );
  }

  /** Resolves when so many requests have come. */
  async requests(count: number): Promise<void> {
    while (this.bodies.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  options(url = 'https://hooks.example.com/secret-path'): NotifyOptions {
    const target = parseTarget(url, 'json') as Target;
    return {
      targets: [target],
      idleSeconds: 900,
      publicUrl: null,
      userAgent: 'replay/test',
      fetch: this.fetch,
    };
  }
}

async function fail(server: Running, worker: string, more: object = {}): Promise<void> {
  const { jobId, etag } = await claim(server, worker);
  const body = { status: 'ERROR', error_message: 'it broke', ...more };
  await server.post(`/job?jobid=${jobId}`, body, { 'X-Replay-Worker': worker, 'If-Match': etag });
}

async function retry(server: Running, jobId: number): Promise<void> {
  const { etag } = await server.get(`/job?jobid=${jobId}`);
  await server.post(`/job?jobid=${jobId}`, { status: 'WAITING_4_WORKER' }, { 'If-Match': etag });
}

/** No answer until somebody has enough of it. */
const silence = (signal: AbortSignal): Promise<Response> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));

/** Looks after each turn of the event loop. */
async function logged(server: Running, message: string): Promise<void> {
  while (!server.log.some((line) => line.message === message)) await setImmediate();
}

const unreachable = (): Promise<Response> => Promise.reject(new Error('unreachable'));
const known = (hash: string) => ({ expected_integrity_hash: hash });

describe('what is told', () => {
  test('a run that passes is told once, at its end, with its headline and totals', async () => {
    const receiver = new Receiver();
    const server = await serve([entry(1000, 1100, known(hashOf('a')))], { notify: receiver.options() });
    await complete(server, 'host-1', hashOf('a'));
    await receiver.requests(1);
    expect(receiver.ids).toEqual(['ended/after 1 attempts/passed']);
    expect(receiver.bodies[0]!.notifications[0]).toMatchObject({
      kind: 'run-ended',
      run_id: 1,
      summary: {
        outcome: 'passed',
        headline: 'Run 1: PASSED. All 1 jobs complete and verified.',
        total_jobs: 1,
      },
    });
  });

  test('a mismatch is told with both hashes, before the end of the run', async () => {
    const receiver = new Receiver();
    const server = await serve([entry(1000, 1100, known(hashOf('a')))], { notify: receiver.options() });
    await complete(server, 'host-1', hashOf('b'));
    await receiver.requests(2);
    expect(receiver.ids).toEqual(['job 1/attempt 1/mismatch', 'ended/after 1 attempts/failed']);
    expect(receiver.bodies[0]!.notifications[0]!.job).toMatchObject({
      worker_id: 'host-1',
      expected_integrity_hash: hashOf('a'),
      actual_integrity_hash: hashOf('b'),
    });
  });

  test('a mismatch that a late hash takes back is withdrawn, and the run has ended in another way', async () => {
    const receiver = new Receiver();
    const server = await serve([entry(1000, 1100, known(hashOf('a')))], { notify: receiver.options() });
    await complete(server, 'host-1', hashOf('b'));
    await receiver.requests(2);
    await server.post('/config', { end_block_num: 1100, integrity_hash: hashOf('b') });
    await receiver.requests(4);
    expect(receiver.ids.slice(2)).toEqual([
      'job 1/attempt 1/mismatch-withdrawn',
      'ended/after 1 attempts/passed',
    ]);
  });

  test('a mismatch that is to be confirmed is told at once, and again when it counts', async () => {
    const receiver = new Receiver();
    const server = await serve([entry(1000, 1100, known(hashOf('a')))], {
      notify: receiver.options(),
      care: { confirmMismatch: true },
    });
    await complete(server, 'host-1', hashOf('b'));
    await receiver.requests(1);
    await complete(server, 'host-2', hashOf('b'));
    await receiver.requests(3);
    expect(receiver.ids).toEqual([
      'job 1/attempt 1/mismatch-unconfirmed',
      'job 1/attempt 2/mismatch',
      'ended/after 2 attempts/failed',
    ]);
    expect(receiver.bodies[0]!.notifications[0]!.job).toMatchObject({
      status: 'WAITING_4_WORKER',
      worker_id: 'host-1',
      actual_integrity_hash: hashOf('b'),
    });
  });

  test('a failure that is followed by another attempt is not told; one for good is, after each run of the job', async () => {
    const receiver = new Receiver();
    const server = await serve(chain(1), {
      notify: receiver.options(),
      care: { retries: { 'nodeos-crash': 1 } },
    });
    await fail(server, 'host-1', { error_cause: 'nodeos-crash' });
    await fail(server, 'host-2', { error_cause: 'nodeos-crash' });
    await receiver.requests(2);
    await retry(server, 1);
    await fail(server, 'host-3');
    await receiver.requests(4);
    expect(receiver.ids).toEqual([
      'job 1/attempt 2/job-failed',
      'ended/after 2 attempts/failed',
      'job 1/attempt 3/job-failed',
      'ended/after 3 attempts/failed',
    ]);
  });

  test('jobs that wait without a host are told once, and that a host is back', async () => {
    const receiver = new Receiver();
    const server = await serve(chain(2), { notify: receiver.options() });
    await server.elapse(IDLE_MS - 1);
    expect(receiver.ids).toEqual([]);
    await server.elapse(1);
    await receiver.requests(1);
    await server.elapse(3 * IDLE_MS);
    await claim(server, 'host-1');
    await receiver.requests(2);
    expect(receiver.ids).toEqual(['no-host-at-work/after 0 attempts', 'hosts-back/after 0 attempts']);
  });

  test('a pause is no time without hosts, and the time begins anew after it', async () => {
    const receiver = new Receiver();
    const server = await serve(chain(2), { notify: receiver.options() });
    await server.elapse(IDLE_MS - 1);
    await server.post('/run/pause', '');
    await server.elapse(3 * IDLE_MS);
    await server.post('/run/resume', '');
    await server.elapse(IDLE_MS - 1);
    expect(receiver.ids).toEqual([]);
    await server.elapse(1);
    await receiver.requests(1);
    expect(receiver.ids).toEqual(['no-host-at-work/after 0 attempts']);
  });

  test('of a run that was begun over HTTP all is told, and what the one before has left is still sent', async () => {
    const receiver = new Receiver();
    const server = await serve([entry(1000, 1100, known(hashOf('a')))], { notify: receiver.options() });
    receiver.answers.push(unreachable);
    await complete(server, 'host-1', hashOf('b'));
    await receiver.requests(1);
    const manifest = JSON.stringify([entry(5000, 5100, known(hashOf('c')))]);
    const begun = await server.post('/run', { manifest, current_run_id: 1 });
    expect(begun.status).toBe(200);
    await complete(server, 'host-1', hashOf('c'));
    const told = (): string[] =>
      receiver.bodies.flatMap(({ notifications }) =>
        notifications.map(({ run_id, kind }) => `${run_id} ${kind}`),
      );
    while (!told().includes('2 run-ended')) await setImmediate();
    expect(new Set(told())).toEqual(new Set(['1 mismatch', '1 run-ended', '2 run-ended']));
  });

  test('a host that holds a job is at work for as long as its lease runs', async () => {
    const receiver = new Receiver();
    const server = await serve(chain(1), { notify: receiver.options(), care: { leaseSeconds: 3600 } });
    await claim(server, 'host-1');
    await server.elapse(2 * IDLE_MS);
    expect(receiver.ids).toEqual([]);
    await server.elapse(3_600_000);
    await server.elapse(IDLE_MS);
    await receiver.requests(1);
    expect(receiver.ids).toEqual(['no-host-at-work/after 1 attempts']);
  });

  test('a host that is set aside is told with its failures', async () => {
    const receiver = new Receiver();
    const server = await serve(chain(4), { notify: receiver.options(), care: { retries: { install: 0 } } });
    for (let made = 0; made < 3; made += 1) await fail(server, 'host-1', { error_cause: 'install' });
    await receiver.requests(4);
    expect(receiver.ids).toContain('host host-1/job 3/attempt 1/host-set-aside');
    const told = receiver.bodies.flatMap(({ notifications }) => notifications);
    expect(told.find(({ kind }) => kind === 'host-set-aside')!.host).toMatchObject({
      worker_id: 'host-1',
      failures: [{ job_id: 1 }, { job_id: 2 }, { job_id: 3, error_cause: 'install' }],
    });
  });
});

describe('after a restart', () => {
  test('nothing is told again', async () => {
    const receiver = new Receiver();
    const notify = receiver.options();
    const server = await serve([entry(1000, 1100, known(hashOf('a')))], { notify });
    await complete(server, 'host-1', hashOf('b'));
    await receiver.requests(2);
    const again = await server.restart();
    await again.close();
    expect(receiver.ids).toHaveLength(2);
  });

  test('a run that was not told of before is told of from then on only', async () => {
    const receiver = new Receiver();
    const server = await serve([entry(1000, 1100, known(hashOf('a'))), entry(2000, 2100)]);
    await complete(server, 'host-1', hashOf('b'));
    const again = await server.restart({ notify: receiver.options() });
    await fail(again, 'host-1');
    await receiver.requests(2);
    expect(receiver.ids).toEqual(['job 2/attempt 1/job-failed', 'ended/after 2 attempts/failed']);
  });

  test('what happened while nobody was told is told', async () => {
    const receiver = new Receiver();
    const notify = receiver.options();
    const server = await serve(chain(1), { notify });
    const without = await server.restart({ notify: { ...notify, targets: [] } });
    await fail(without, 'host-1');
    await without.restart({ notify });
    await receiver.requests(1);
    expect(receiver.ids).toContain('job 1/attempt 1/job-failed');
  });

  test('what was not delivered is sent with the same ids', async () => {
    const receiver = new Receiver();
    receiver.answers.push(unreachable);
    const server = await serve(chain(1), { notify: receiver.options() });
    await fail(server, 'host-1');
    await receiver.requests(1);
    await server.restart();
    await receiver.requests(3);
    expect(receiver.ids).toEqual([
      'job 1/attempt 1/job-failed',
      'job 1/attempt 1/job-failed',
      'ended/after 1 attempts/failed',
    ]);
    expect(receiver.keys[0]).toBe(receiver.keys[1]);
  });
});

describe('the process dies', () => {
  const OUTBOX = 'notifications.db';

  /** What a kill at that moment leaves: the jobs as they are at the end, the outbox as it was before. */
  async function restartWith(server: Running, outbox: Buffer): Promise<Running> {
    await server.close();
    await writeFile(join(server.dataDir, OUTBOX), outbox);
    return server.restart();
  }

  test('between the change and what is noted of it: it is told at the next start', async () => {
    const receiver = new Receiver();
    receiver.answers.push(unreachable);
    const server = await serve([entry(1000, 1100, known(hashOf('a')))], { notify: receiver.options() });
    const before = await readFile(join(server.dataDir, OUTBOX));
    await complete(server, 'host-1', hashOf('b'));
    await receiver.requests(1);
    await restartWith(server, before);
    await receiver.requests(3);
    expect(receiver.ids).toEqual([
      'job 1/attempt 1/mismatch',
      'job 1/attempt 1/mismatch',
      'ended/after 1 attempts/failed',
    ]);
    expect(receiver.keys[1]).toBe(receiver.keys[0]);
  });

  test('between the answer of the receiver and what is noted of that: it is sent again with the same key', async () => {
    const receiver = new Receiver();
    const server = await serve(chain(1), { notify: receiver.options() });
    const before = await readFile(join(server.dataDir, OUTBOX));
    await fail(server, 'host-1');
    await receiver.requests(2);
    await restartWith(server, before);
    await receiver.requests(4);
    expect(receiver.keys.slice(2)).toEqual(receiver.keys.slice(0, 2));
  });

  test('with hosts that were set aside and a time without hosts: both are told', async () => {
    const receiver = new Receiver();
    const server = await serve(chain(4), { notify: receiver.options(), care: { retries: { install: 0 } } });
    await server.elapse(IDLE_MS);
    await receiver.requests(1);
    const before = await readFile(join(server.dataDir, OUTBOX));
    for (let made = 0; made < 3; made += 1) await fail(server, 'host-1', { error_cause: 'install' });
    await receiver.requests(6);
    const told = receiver.ids.slice(1);
    await restartWith(server, before);
    // What was told before that may come once more, too.
    while (!told.every((id) => receiver.ids.slice(6).includes(id))) {
      await receiver.requests(receiver.bodies.length + 1);
    }
    expect(told).toContain('hosts-back/after 0 attempts');
    expect(told).toContain('host host-1/job 3/attempt 1/host-set-aside');
  });
});

test('a build that fails every slice sends a few messages', async () => {
  const receiver = new Receiver();
  let goOn: (response: Response) => void = () => undefined;
  receiver.answers.push(() => new Promise((resolve) => (goOn = resolve)));
  const server = await serve(chain(30), { notify: receiver.options() });
  for (let made = 0; made < 30; made += 1) await fail(server, 'host-1');
  goOn(new Response('ok'));
  await receiver.requests(2);
  expect(receiver.ids).toHaveLength(31);
  expect(receiver.ids.at(-1)).toBe('ended/after 30 attempts/failed');
});

test('a receiver that does not answer holds up neither the run nor its end', async () => {
  const receiver = new Receiver();
  receiver.answers.push(silence);
  const server = await serve(chain(2), { notify: receiver.options() });
  await fail(server, 'host-1');
  await receiver.requests(1);
  await fail(server, 'host-1');
  expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({ jobs_failed: 2 });
});

test('no log line has the URL', async () => {
  const receiver = new Receiver();
  receiver.answers.push(unreachable, async () => new Response('no /secret-path here', { status: 404 }));
  const server = await serve(chain(1), {
    notify: receiver.options('https://user:pass-word@hooks.example.com/secret-path'),
  });
  await fail(server, 'host-1');
  await logged(server, 'could not be delivered');
  await server.elapse(3_600_000);
  await receiver.requests(2);
  await server.close();
  const log = JSON.stringify(server.log);
  expect(log).toContain('hooks.example.com (');
  expect(log).not.toMatch(/secret-path|pass-word/u);
});
