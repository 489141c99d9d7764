import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chain, claim, complete, serve, type Running } from './harness.ts';

const worker = { 'X-Replay-Worker': 'a' };

/** A worker that sends parts of its log. */
async function atWork(): Promise<{
  server: Running;
  etag: string;
  send: (query: string, body: string, on?: Running) => Promise<unknown>;
}> {
  const server = await serve(chain(2), { care: { leaseSeconds: 60, retries: { 'host-lost': 1 } } });
  const { etag } = await claim(server, 'a');
  const send = async (query: string, body: string, on = server) => {
    const answer = await on.post(`/job/log?jobid=1&attempt=1&${query}`, body, worker);
    return answer.status === 200 ? answer.json() : answer.status;
  };
  return { server, etag, send };
}

const textOf = async (server: Running, attempt = 1) =>
  (await server.get(`/job/log?jobid=1&attempt=${attempt}`)).text;
const fileOf = (server: Running) => join(server.dataDir, 'runs/0001/logs/1-1.log');
const written = (server: Running) => readFile(fileOf(server), 'utf8').catch(() => null);

describe('the log of an attempt at work', () => {
  test('grows part by part, in memory', async () => {
    const { server, send } = await atWork();
    expect(await send('from=0', 'zero\n')).toEqual({ status: 'stored', next: 1, followed: false });
    expect(await send('from=1', 'one\n\ntwo\n')).toEqual({ status: 'stored', next: 4, followed: false });
    expect(await textOf(server)).toBe('zero\none\n\ntwo\n');
    expect(await written(server)).toBeNull();
  });

  test('has no line twice when a part comes again', async () => {
    const { server, send } = await atWork();
    for (const [query, body] of [
      ['from=0', 'zero\n'],
      ['from=0', 'zero\none\n'],
      ['from=0', 'zero\none\n'],
    ] as const) {
      await send(query, body);
    }
    expect(await textOf(server)).toBe('zero\none\n');
  });

  test('takes no part behind a gap, and says what it wants', async () => {
    const { server, send } = await atWork();
    await send('from=0', 'zero\n');
    expect(await send('from=2', 'two\n')).toEqual({ status: 'gap', next: 1, followed: false });
    expect(await send('from=2&skipped=1', 'two\n')).toMatchObject({ status: 'stored', next: 3 });
    expect(await textOf(server)).toBe('two\n');
  });

  test('is asked for anew by an orchestrator that was started again', async () => {
    const { server, send } = await atWork();
    await send('from=0', 'zero\none\n');
    const restarted = await server.restart();
    expect(await send('from=2', 'two\n', restarted)).toMatchObject({ status: 'gap', next: 0 });
    expect(await send('from=0', 'zero\none\ntwo\n', restarted)).toMatchObject({ status: 'stored', next: 3 });
    expect(await textOf(restarted)).toBe('zero\none\ntwo\n');
  });

  test('tells its worker for half a minute that somebody has read it', async () => {
    const { server, send } = await atWork();
    await send('from=0', 'zero\n');
    await textOf(server);
    expect(await send('from=0', 'zero\n')).toMatchObject({ followed: true });
    server.monotonic.advance(30_000);
    expect(await send('from=0', 'zero\n')).toMatchObject({ followed: false });
  });

  test('renews the lease of its worker', async () => {
    const { server, send } = await atWork();
    server.monotonic.advance(50_000);
    await send('from=0', 'zero\n');
    await server.elapse(50_000);
    expect((await server.get('/job?jobid=1', { Accept: 'application/json' })).json()).toMatchObject({
      status: 'STARTED',
    });
  });

  test.each(['from=x', 'from=-1', 'from=1.5', 'from=', 'from=1&skipped=2', 'from=1&skipped=x'])(
    '%s is refused',
    async (query) => {
      const { server, send } = await atWork();
      expect(await send(query, 'line\n')).toBe(400);
      expect((await server.get('/job/log?jobid=1')).status).toBe(404);
    },
  );

  test('is not for other workers', async () => {
    const { server } = await atWork();
    for (const headers of [{ 'X-Replay-Worker': 'b' }, {}] as Record<string, string>[]) {
      expect((await server.post('/job/log?jobid=1&attempt=1&from=0', 'x\n', headers)).status).toBe(403);
    }
    expect((await server.get('/job/log?jobid=1')).status).toBe(404);
  });
});

describe('when the attempt is over, its last lines', () => {
  test('are on disk before its worker is answered, if it says that they are the last', async () => {
    const { server, send } = await atWork();
    await send('from=0', 'zero\n');
    expect(await send('from=1&last', 'one\n')).toMatchObject({ status: 'stored' });
    expect(await written(server)).toBe('zero\none\n');
    expect(await textOf(await server.restart())).toBe('zero\none\n');
  });

  test('are kept although the host was lost', async () => {
    const { server, send } = await atWork();
    await send('from=7&skipped=7', 'seven\n');
    await server.elapse(61_000);
    await server.close();
    expect(await written(server)).toBe('# 7 earlier lines are on the host\nseven\n');
    expect(await textOf(await server.restart())).toBe('seven\n');
  });

  test('are not mixed with those of the next attempt', async () => {
    const { server, send } = await atWork();
    await send('from=0', 'first\n');
    await server.elapse(61_000);
    expect(await send('from=1', 'late\n')).toBe(409);
    await claim(server, 'b');
    await server.post('/job/log?jobid=1&attempt=2&from=0', 'second\n', { 'X-Replay-Worker': 'b' });
    expect(await textOf(server, 1)).toBe('first\n');
    expect(await textOf(server, 2)).toBe('second\n');
  });

  test('cost nothing when there are none', async () => {
    const server = await serve(chain(1));
    await complete(server, 'a', 'ab'.repeat(32));
    await server.close();
    expect(await written(server)).toBeNull();
  });

  test('are left out when the disk does not take them; the result counts all the same', async () => {
    const { server, send, etag } = await atWork();
    await send('from=0', 'zero\n');
    await rm(join(server.dataDir, 'runs/0001/logs'), { recursive: true });
    const headers = { ...worker, 'If-Match': etag };
    expect(
      (await server.post('/job?jobid=1', { status: 'ERROR', error_cause: 'stalled' }, headers)).status,
    ).toBe(200);
    await server.close();
    expect(server.log).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining('could not be kept') }),
    );
  });
});

test('a whole log, from an older worker, replaces what was there', async () => {
  const { server } = await atWork();
  for (const text of ['zero\none', 'two']) await server.post('/job/log?jobid=1', text, worker);
  expect(await textOf(server)).toBe('two');
});
