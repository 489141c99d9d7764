import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { messageOf } from '../../../src/core/notify/message.ts';
import { retryAfter, send, type SendOptions, type Sent } from '../../../src/core/notify/send.ts';
import { parseTarget, type Target } from '../../../src/core/notify/target.ts';
import { aNotification } from './builders.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const MESSAGE = messageOf([aNotification({ id: 'run 1/x' })]);

async function sentTo(listener: RequestListener, options: Partial<SendOptions> = {}): Promise<Sent> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return toUrl(`http://user:pass-word@127.0.0.1:${port}/secret-path?k=secret-key`, options);
}

function toUrl(url: string, options: Partial<SendOptions> = {}): Promise<Sent> {
  const all = { fetch: globalThis.fetch, now: () => NOW, userAgent: 'replay/1', ...options };
  return send(parseTarget(url, null) as Target, MESSAGE, all);
}

describe('one request', () => {
  test('is a POST of JSON with the id in a header', async () => {
    let seen: unknown;
    const sent = await sentTo((request, response) => {
      const { method, url, headers } = request;
      seen = {
        method,
        url,
        key: headers['idempotency-key'],
        type: headers['content-type'],
        auth: headers.authorization,
      };
      response.writeHead(204).end();
    });
    expect(sent).toEqual({ result: 'delivered', what: 'HTTP 204', retryAfterMs: null });
    expect(seen).toEqual({
      method: 'POST',
      url: '/secret-path?k=secret-key',
      key: '"run 1/x"',
      type: 'application/json',
      auth: `Basic ${Buffer.from('user:pass-word').toString('base64')}`,
    });
  });

  test.each([
    [200, 'delivered'],
    [301, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [408, 'failed'],
    [410, 'refused'],
    [425, 'failed'],
    [429, 'failed'],
    [500, 'failed'],
    [503, 'failed'],
  ])('that is answered with %i is %s', async (status, result) => {
    const sent = await sentTo((_request, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:1/elsewhere' }).end('what');
    });
    expect(sent).toMatchObject({ result, what: `HTTP ${status}: what` });
  });

  test('says what was answered on one short line, without the secrets of the URL', async () => {
    const { what } = await sentTo((_request, response) => {
      response.writeHead(404).end(`no\u001b[31m\n/secret-path, secret-key ${'x'.repeat(100_000)}`);
    });
    expect(what).toMatch(/^HTTP 404: no \[31m \/\[redacted\], \[redacted\] x+…$/u);
    expect(what.length).toBeLessThan(250);
  });

  test('counts when the status came and the rest did not', async () => {
    const sent = await sentTo((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(sent.result).toBe('delivered');
  });

  test('that is not answered in time has failed', async () => {
    const sent = await sentTo(() => undefined, { timeoutMs: 20 });
    expect(sent).toEqual({ result: 'failed', what: 'no answer within 0.02 s', retryAfterMs: null });
  });

  test('whose connection is cut has failed', async () => {
    const sent = await sentTo((request) => request.socket.destroy());
    expect(sent).toMatchObject({ result: 'failed', what: 'the connection was cut' });
  });

  test('that fails in a way nobody knows says nothing of the URL', async () => {
    const fetch = (url: string): Promise<Response> => Promise.reject(new Error(`cannot ask ${url}`));
    const sent = await toUrl('https://example.com/secret-path', { fetch });
    expect(sent.what).toBe('no connection (cannot ask [redacted])');
  });
});

test.each([
  [null, null],
  ['120', 120_000],
  ['Sun, 22 Nov 2026 10:01:00 GMT', 60_000],
  ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
  ['soon', null],
])('Retry-After: %s is %s ms', (header, ms) => {
  expect(retryAfter(header, NOW)).toBe(ms);
});
