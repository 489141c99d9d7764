import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readEvents, type ReceivedEvent } from '../../../../src/core/protocol/events/read-events.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const STREAM = { 'Content-Type': 'text/event-stream' };

function read(url: string, more: { lastId?: string; silenceMs?: number; signal?: AbortSignal } = {}) {
  const { lastId = null, signal = new AbortController().signal, silenceMs = 60_000 } = more;
  return readEvents((to, init) => fetch(to, init), {
    url,
    headers: { Authorization: 'Bearer t' },
    lastId,
    signal,
    silenceMs,
  });
}

async function all(events: AsyncIterable<ReceivedEvent>): Promise<ReceivedEvent[]> {
  const list: ReceivedEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

describe('reading events', () => {
  it('gives events that come in pieces, with the newest id', async () => {
    const url = await serve((request, response) => {
      expect(request.headers).toMatchObject({ 'last-event-id': '4', authorization: 'Bearer t' });
      response.writeHead(200, STREAM);
      response.write(':\n\nevent: hello\ndata: {"a"');
      response.end(': 1}\n\nevent: job\nid: 5\ndata: {}\n\nevent: summary\ndata: {}\n\n');
    });
    await expect(all(read(url, { lastId: '4' }))).resolves.toEqual([
      { name: 'hello', data: '{"a": 1}', lastId: '4' },
      { name: 'job', data: '{}', lastId: '5' },
      { name: 'summary', data: '{}', lastId: '5' },
    ]);
  });

  it('passes over what a later version may add', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, STREAM).end('colour: red\nretry: soon\nevent: job\ndata: {}\n\n');
    });
    await expect(all(read(url))).resolves.toHaveLength(1);
  });

  it('says that the connection was cut', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, STREAM).write('event: job\ndata: {}\n\n', () => response.destroy());
    });
    const events = read(url);
    await events.next();
    await expect(events.next()).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('takes a silent connection for lost', async () => {
    const url = await serve((_request, response) => void response.writeHead(200, STREAM).write(':\n\n'));
    await expect(all(read(url, { silenceMs: 50 }))).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'nothing came from it for 0.05 s',
    });
  });

  it.each([
    [401, 'text/plain', 'A token is needed here', 'refused'],
    [404, 'text/plain', 'Not found', 'not-found'],
    [503, 'text/plain', 'Too many', 'unavailable'],
    [200, 'text/html', '<html>', 'bad-answer'],
  ])('takes %i %s for what it is', async (status, type, body, kind) => {
    const url = await serve((_request, response) => {
      response.writeHead(status, { 'Content-Type': type }).end(body);
    });
    await expect(all(read(url))).rejects.toMatchObject({ kind });
  });

  it('does not hold an event of any length in memory', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, STREAM).end(`data: ${'x'.repeat(5 * 1024 * 1024)}`);
    });
    await expect(all(read(url))).rejects.toMatchObject({ kind: 'bad-answer' });
  });

  it('ends with the reason of the signal', async () => {
    const url = await serve((_request, response) => void response.writeHead(200, STREAM).write(':\n\n'));
    const over = new AbortController();
    const events = all(read(url, { signal: over.signal }));
    over.abort(new Error('enough'));
    await expect(events).rejects.toThrow('enough');
  });
});
