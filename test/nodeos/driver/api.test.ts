import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { getInfo, getIntegrityHash } from '../../../src/nodeos/driver/api.ts';

async function serve(handler: RequestListener): Promise<number> {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

const answering = (status: number, body: string, headers = {}) =>
  serve((_, response) => response.writeHead(status, headers).end(body));

describe('the API of nodeos', () => {
  test('tells the head', async () => {
    const port = await serve((request, response) => {
      expect(request.url).toBe('/v1/chain/get_info');
      response.end('{"head_block_num":2002,"head_block_id":"000007d2aa","server_version":"d133c641"}');
    });
    expect(await getInfo({ port, timeoutMs: 5000 })).toEqual({ headBlock: 2002, headId: '000007d2aa' });
  });

  test('answers 201 with the hash', async () => {
    const port = await serve((request, response) => {
      expect(request.url).toBe('/v1/producer/get_integrity_hash');
      response.writeHead(201).end('{"head_block_id":"00","integrity_hash":"aa"}');
    });
    expect(await getIntegrityHash({ port, timeoutMs: 5000 })).toEqual({
      head_block_id: '00',
      integrity_hash: 'aa',
    });
  });

  test.each([
    [500, '{}', 'answered with status 500'],
    [404, '{}', 'answered with status 404'],
    [302, '', 'answered with status 302'],
    [200, 'no json', 'the answer is no JSON'],
    [200, '{}', 'get_info says no head_block_num and head_block_id'],
    [200, 'null', 'get_info says no head_block_num and head_block_id'],
    [200, `"${'x'.repeat(100_000)}"`, 'the answer is longer than 65536 bytes'],
  ])('with status %s and body %j has not answered', async (status, body, message) => {
    const port = await answering(status, body, { location: 'http://127.0.0.1:1/' });
    await expect(getInfo({ port, timeoutMs: 5000 })).rejects.toThrow(message);
  });

  test('that is cut off in its answer has not answered', async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{', () => response.socket?.destroy());
    });
    await expect(getInfo({ port, timeoutMs: 5000 })).rejects.toThrow('/v1/chain/get_info: ');
  });

  test('that says nothing is given up after the time that was allowed', async () => {
    const port = await serve(() => undefined);
    await expect(getInfo({ port, timeoutMs: 50 })).rejects.toThrow('no answer within 50 ms');
  });

  test('is left at once when the caller gives up', async () => {
    const stop = new AbortController();
    const port = await serve(() => stop.abort());
    const call = getInfo({ port, timeoutMs: 60_000, signal: stop.signal });
    await expect(call).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });

  test('that nobody offers refuses', async () => {
    await expect(getInfo({ port: 1, timeoutMs: 5000 })).rejects.toThrow('/v1/chain/get_info: ');
  });
});
