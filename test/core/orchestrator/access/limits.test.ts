import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openGate } from '../../../../src/core/orchestrator/access/open-gate.ts';
import { createApp } from '../../../../src/core/orchestrator/http/app.ts';
import { DEFAULT_LIMITS } from '../../../../src/core/orchestrator/http/limits.ts';
import { listen } from '../../../../src/core/orchestrator/http/listen.ts';
import { chain, recordingLogger, serve, type Running } from '../harness.ts';

/** A connection that is written by hand; it ends with the test. */
class Caller {
  readonly socket: Socket;
  text = '';
  readonly closed: Promise<void>;

  constructor(url: string) {
    this.socket = connect(Number(new URL(url).port), '127.0.0.1');
    this.socket.on('data', (chunk) => (this.text += chunk.toString('latin1')));
    // The other side closing in the middle of a write is what some of these tests are about.
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
    onTestFinished(() => void this.socket.destroy());
  }

  get status(): string {
    return this.text.split(' ')[1] ?? '';
  }

  async connected(): Promise<this> {
    if (this.socket.connecting) await new Promise((resolve) => this.socket.once('connect', resolve));
    return this;
  }

  /** Writes a little every 20 ms until the connection is closed. */
  trickle(text: string): void {
    const timer = setInterval(() => this.socket.write(text), 20);
    this.socket.once('close', () => clearInterval(timer));
  }
}

const isWell = async (server: Running) => (await server.get('/healthcheck')).status === 200;

describe('slow callers', () => {
  test('that never finish their headers are sent away, and starve nobody', async () => {
    const server = await serve(chain(1), { limits: { headersMs: 200 } });
    const callers = Array.from({ length: 50 }, () => new Caller(server.url));
    for (const caller of callers) {
      caller.socket.write('GET /status HTTP/1.1\r\nHost: localhost\r\n');
      caller.trickle('X: y\r\n');
    }
    expect(await isWell(server)).toBe(true);
    await Promise.all(callers.map(({ closed }) => closed));
    expect(new Set(callers.map(({ status }) => status))).toEqual(new Set(['408']));
    expect(await isWell(server)).toBe(true);
  });

  test('that say nothing at all are sent away', async () => {
    const server = await serve(chain(1), { limits: { headersMs: 200 } });
    const callers = Array.from({ length: 20 }, () => new Caller(server.url));
    await Promise.all(callers.map(({ closed }) => closed));
    expect(await isWell(server)).toBe(true);
  });

  test('that never finish their body are sent away, and change nothing', async () => {
    const server = await serve(chain(1), { limits: { headersMs: 200, requestMs: 300 } });
    const before = (await server.get('/job?jobid=1')).etag;
    const callers = Array.from({ length: 20 }, () => new Caller(server.url));
    for (const caller of callers) {
      caller.socket.write(
        'POST /job?jobid=1 HTTP/1.1\r\nHost: localhost\r\nIf-Match: *\r\nContent-Length: 100000\r\n\r\n{',
      );
      caller.trickle(' ');
    }
    await Promise.all(callers.map(({ closed }) => closed));
    expect((await server.get('/job?jobid=1')).etag).toBe(before);
  });

  test('that do not read their answer are cut off', async () => {
    const big = 'x'.repeat(32 * 1024 * 1024);
    const app = createApp(
      [{ path: '/big', GET: async () => ({ status: 200, type: 'text/plain', body: big }) }],
      { logger: recordingLogger().logger, gate: openGate({ loopback: true, names: [] }), answerMs: 200 },
    );
    let cutOff: () => void;
    const givenUp = new Promise<void>((resolve) => (cutOff = resolve));
    const watched: typeof app = (request, response) => {
      response.once('close', () => cutOff());
      app(request, response);
    };
    const server = await listen(watched, '127.0.0.1', 0);
    onTestFinished(() => server.close(0));
    const caller = await new Caller(server.url).connected();
    caller.socket.pause();
    caller.socket.write('GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await givenUp;
    // There is a part of the answer, and then the end.
    caller.socket.resume();
    await caller.closed;
    expect(caller.status).toBe('200');
    expect(caller.text.length).toBeLessThan(big.length);
  });
});

describe('large callers', () => {
  test('headers beyond the limit are 431', async () => {
    const server = await serve(chain(1));
    const { headerBytes } = DEFAULT_LIMITS;
    for (const header of [`X: ${'y'.repeat(headerBytes)}`, 'X: y\r\n'.repeat(headerBytes / 4)]) {
      const caller = new Caller(server.url);
      caller.socket.write(`GET /status HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`);
      await caller.closed;
      expect(caller.status).toBe('431');
    }
    const long = await server.get('/status', { 'X-Long': 'y'.repeat(headerBytes / 2) });
    expect(long.status).toBe(200);
  });

  test('a body that nobody wants is not read to its end', async () => {
    const server = await serve(chain(1));
    const caller = new Caller(server.url);
    caller.socket.write('POST /status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n');
    caller.trickle('x'.repeat(1000));
    await caller.closed;
    expect(caller.status).toBe('405');
  });
});

describe('many connections', () => {
  test('from one address beyond its limit are closed, those within it live on', async () => {
    const server = await serve(chain(1), { limits: { connectionsPerAddress: 5 } });
    const callers: Caller[] = [];
    for (let n = 0; n < 5; n += 1) callers.push(await new Caller(server.url).connected());
    // One round trip: the server has counted the five.
    const ask = async (caller: Caller) => {
      caller.text = '';
      const answered = new Promise((resolve) => caller.socket.once('data', resolve).once('close', resolve));
      caller.socket.write('GET /healthcheck HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await answered;
      return caller.status;
    };
    for (const caller of callers) expect(await ask(caller)).toBe('200');
    const sixth = new Caller(server.url);
    await sixth.closed;
    expect(sixth.text).toBe('');
    for (const caller of callers) expect(await ask(caller)).toBe('200');
    callers[0]?.socket.destroy();
    await callers[0]?.closed;
    await expect.poll(() => ask(new Caller(server.url))).toBe('200');
  });

  test('of a trusted proxy, which comes for many, are not counted', async () => {
    const limits = { connectionsPerAddress: 1 };
    const server = await serve(chain(1), { limits, trustedProxies: ['127.0.0.1'] });
    const callers = Array.from({ length: 5 }, () => new Caller(server.url));
    for (const caller of callers) {
      caller.socket.write('GET /healthcheck HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      await caller.closed;
      expect(caller.status).toBe('200');
    }
  });
});

describe('behind a proxy that is trusted', () => {
  test('callers are told apart by what the proxy saw, not by what they say', async () => {
    const server = await serve(chain(3), { trustedProxies: ['127.0.0.1'] });
    const offer = async (forwarded: string) =>
      (await server.get('/job?nextjob', { 'X-Forwarded-For': forwarded })).text.split(',')[0];
    expect(await offer('10.0.0.1')).toBe('job_id=1');
    expect(await offer('10.0.0.2')).toBe('job_id=2');
    expect(await offer('10.9.9.9, 10.0.0.1')).toBe('job_id=1');
    expect(await offer('nonsense')).toBe('job_id=3');
  });

  test('and one that is not is not believed', async () => {
    const server = await serve(chain(3));
    const offer = async (forwarded: string) =>
      (await server.get('/job?nextjob', { 'X-Forwarded-For': forwarded })).text.split(',')[0];
    expect([await offer('10.0.0.1'), await offer('10.0.0.2')]).toEqual(['job_id=1', 'job_id=1']);
  });
});
