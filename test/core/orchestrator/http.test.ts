import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ExitCode } from '../../../src/core/domain/exit-codes.ts';
import { openGate } from '../../../src/core/orchestrator/access/open-gate.ts';
import { createApp } from '../../../src/core/orchestrator/http/app.ts';
import { listen } from '../../../src/core/orchestrator/http/listen.ts';
import { chain, claim, recordingLogger, serve } from './harness.ts';

const gate = openGate({ loopback: true, names: [] });

describe('the HTTP service', () => {
  test('/healthcheck', async () => {
    const server = await serve(chain(1));
    const answer = await server.get('/healthcheck');
    expect([answer.status, answer.text]).toEqual([200, 'OK']);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  test.each(['/nothing', '/job/other', '/%ff', '/jobs/1/other', '/hosts/%', '/jobs/%u0031'])(
    'GET %s is 404',
    async (path) => {
      const server = await serve(chain(1));
      const answer = await server.get(path);
      expect([answer.status, answer.text]).toEqual([404, 'Not found']);
    },
  );

  test.each([
    ['DELETE', '/job', 'GET, HEAD, POST'],
    ['PUT', '/job?jobid=1', 'GET, HEAD, POST'],
    ['POST', '/status', 'GET, HEAD'],
    ['POST', '/summary', 'GET, HEAD'],
    ['PATCH', '/config', 'GET, HEAD, POST'],
    ['POST', '/healthcheck', 'GET, HEAD'],
    ['OPTIONS', '/job', 'GET, HEAD, POST'],
  ])('%s %s is 405', async (method, path, allowed) => {
    const server = await serve(chain(1));
    const answer = await server.request(method, path);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
  });

  test.each(['/job?jobid=1', '/status', '/config?sliceid=1', '/summary', '/healthcheck'])(
    'HEAD %s has the headers of GET and no body',
    async (path) => {
      const server = await serve(chain(1));
      const [get, head] = [await server.get(path), await server.request('HEAD', path)];
      expect([head.status, head.text]).toEqual([200, '']);
      for (const name of ['content-type', 'content-length', 'etag']) {
        expect(head.headers.get(name)).toBe(get.headers.get(name));
      }
    },
  );

  test('an unknown slice in /status is 404', async () => {
    const server = await serve(chain(1));
    for (const path of ['/status?sliceid=2', '/status?sliceid=', '/status?sliceid=x']) {
      const answer = await server.get(path);
      expect([answer.status, answer.text]).toEqual([404, 'Not found']);
    }
  });

  test.each([
    ['/status', 'text/html, */*', 'text/html'],
    ['/status', 'application/json, */*', 'application/json'],
    ['/status', 'text/plain, application/json', 'application/json'],
    ['/status', '*/*', 'text/plain'],
    ['/status', 'image/png', 'text/plain'],
    ['/status', 'application/vnd.replay.job+json', 'application/vnd.replay.job+json'],
    ['/summary', 'text/html', 'text/html'],
    ['/summary', 'application/json', 'application/json'],
    ['/summary', '*/*', 'text/plain'],
    ['/config?sliceid=1', 'text/html,*/*;q=0.8', 'text/html'],
    ['/config?sliceid=1', 'text/plain', 'application/json'],
  ])('%s with Accept: %s gives %s', async (path, accept, type) => {
    const server = await serve(chain(1));
    const answer = await server.get(path, { Accept: accept });
    expect(answer.headers.get('content-type')?.split(';')[0]).toBe(type);
  });
});

describe('a handler that fails', () => {
  test('is 500 without its reason, is logged, and the server lives on', async () => {
    const { log, logger } = recordingLogger();
    const fail = async (): Promise<never> => {
      throw new Error('the inner reason');
    };
    const listener = createApp(
      [
        { path: '/fail', GET: fail },
        { path: '/ok', GET: async () => ({ status: 204 }) },
      ],
      { logger, gate },
    );
    const server = await listen(listener, '127.0.0.1', 0);
    const answer = await fetch(`${server.url}/fail`);
    const text = await answer.text();
    expect([answer.status, text]).toEqual([500, 'Internal error']);
    expect((await fetch(`${server.url}/ok`)).status).toBe(204);
    expect(log).toContainEqual(expect.objectContaining({ level: 'error', message: 'a request failed' }));
    await server.close(1000);
  });
});

describe('a caller that goes away', () => {
  test('in the middle of its body changes nothing and is no error of ours', async () => {
    const server = await serve(chain(1));
    const before = await server.get('/job?jobid=1');
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const head = 'POST /job?jobid=1 HTTP/1.1\r\nHost: x\r\nIf-Match: *\r\nContent-Length: 100\r\n\r\n';
    await new Promise((resolve) => socket.write(`${head}{"status": "STARTED"`, resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    await closed;
    expect((await server.get('/job?jobid=1')).etag).toBe(before.etag);
    await server.close();
    expect(server.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('the end', () => {
  test('does not wait for idle connections, and nobody is accepted any more', async () => {
    const server = await serve(chain(1));
    await server.get('/healthcheck');
    const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const closed = new Promise((resolve) => idle.once('close', resolve));
    const began = performance.now();
    await server.close();
    await closed;
    expect(performance.now() - began).toBeLessThan(2_000);
    await expect(fetch(`${server.url}/healthcheck`)).rejects.toThrow('fetch failed');
  });

  test('comes after the answers that are under way', async () => {
    let answer: (() => void) | undefined;
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let asked: (() => void) | undefined;
    const arrived = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const slow = async () => {
      asked?.();
      await waiting;
      return { status: 200, type: 'text/plain', body: 'late' };
    };
    const server = await listen(
      createApp([{ path: '/slow', GET: slow }], { logger: recordingLogger().logger, gate }),
      '127.0.0.1',
      0,
    );
    const pending = fetch(`${server.url}/slow`);
    await arrived;
    const began = performance.now();
    const closed = server.close(5_000);
    answer?.();
    expect(await (await pending).text()).toBe('late');
    await closed;
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('cuts off at the deadline', async () => {
    let asked: (() => void) | undefined;
    const arrived = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const never = () => {
      asked?.();
      return new Promise<never>(() => undefined);
    };
    const routes = [{ path: '/never', GET: async () => never() }];
    const server = await listen(
      createApp(routes, { logger: recordingLogger().logger, gate }),
      '127.0.0.1',
      0,
    );
    const pending = fetch(`${server.url}/never`).then(
      () => 'answered',
      () => 'cut off',
    );
    await arrived;
    await server.close(50);
    expect(await pending).toBe('cut off');
  });
});

describe('an address that cannot be used', () => {
  test('a port that is in use', async () => {
    const server = await serve(chain(1));
    const port = Number(new URL(server.url).port);
    await expect(serve(chain(1), { port })).rejects.toMatchObject({
      name: 'UserError',
      code: 'CANNOT_LISTEN',
      exitCode: ExitCode.cannotStart,
      message: `Address 127.0.0.1:${port} is in use by another program.`,
    });
  });

  test.each(['nowhere.invalid', '300.1.1.1'])('the unknown name %s', async (host) => {
    await expect(serve(chain(1), { host })).rejects.toMatchObject({
      code: 'CANNOT_LISTEN',
      exitCode: ExitCode.cannotStart,
      message: `Address ${host}:0 has a host name that is not known.`,
    });
  });

  test('an address of another machine', async () => {
    await expect(serve(chain(1), { host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'CANNOT_LISTEN',
      exitCode: ExitCode.cannotStart,
    });
  });
});

describe('/job/log', () => {
  const worker = { 'X-Replay-Worker': 'a' };

  test('keeps the last lines of an attempt, also over a restart', async () => {
    const server = await serve(chain(2));
    const { jobId } = await claim(server, 'a');
    const stored = await server.post(`/job/log?jobid=${jobId}`, 'line 1\nline 2 é\n', worker);
    expect([stored.status, stored.text]).toEqual([200, '{"status": "stored"}']);
    const restarted = await server.restart();
    for (const path of [`/job/log?jobid=${jobId}`, `/job/log?jobid=${jobId}&attempt=1`]) {
      const answer = await restarted.get(path);
      expect([answer.status, answer.text]).toEqual([200, 'line 1\nline 2 é\n']);
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    }
  });

  test('is refused to other workers', async () => {
    const server = await serve(chain(2));
    const { jobId } = await claim(server, 'a');
    expect((await server.post(`/job/log?jobid=${jobId}`, 'x', { 'X-Replay-Worker': 'b' })).status).toBe(403);
    expect((await server.post(`/job/log?jobid=${jobId}`, 'x')).status).toBe(403);
  });

  test('more than 256 KiB is 413', async () => {
    const server = await serve(chain(1));
    const { jobId } = await claim(server, 'a');
    expect((await server.post(`/job/log?jobid=${jobId}`, 'x'.repeat(256 * 1024 + 1), worker)).status).toBe(
      413,
    );
    expect((await server.post(`/job/log?jobid=${jobId}`, 'x'.repeat(256 * 1024), worker)).status).toBe(200);
  });

  test('what is not there is 404, as JSON for those who accept it', async () => {
    const server = await serve(chain(2));
    expect((await server.get('/job/log?jobid=9')).text).toBe('Could not find job');
    expect((await server.get('/job/log?jobid=1')).text).toBe('Could not find attempt');
    await claim(server, 'a');
    expect((await server.get('/job/log?jobid=1&attempt=2')).status).toBe(404);
    const answer = await server.get('/job/log?jobid=1', { Accept: 'application/json' });
    expect([answer.status, answer.text]).toEqual([
      404,
      '{"error": {"code": "LOG_NOT_FOUND", "message": "Attempt 1 of job 1 has no log", "hint": "Workers send what nodeos prints while it runs."}}',
    ]);
  });
});
