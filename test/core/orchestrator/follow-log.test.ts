import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TAIL_LINES } from '../../../src/core/domain/log-tail.ts';
import { readStream } from './event-reader.ts';
import { chain, claim, serve, type Running } from './harness.ts';

const worker = { 'X-Replay-Worker': 'a' };
const PATH = '/job/log?jobid=1&attempt=1&follow';

async function atWork(): Promise<{
  server: Running;
  send: (query: string, body: string, on?: Running) => Promise<{ followed: boolean }>;
  end: (on?: Running) => Promise<void>;
}> {
  const server = await serve(chain(2), { care: { retries: { stalled: 0 } } });
  const { etag } = await claim(server, 'a');
  return {
    server,
    send: async (query, body, on = server) =>
      (await on.post(`/job/log?jobid=1&attempt=1&${query}`, body, worker)).json() as { followed: boolean },
    end: async (on = server) => {
      const body = { status: 'ERROR', error_cause: 'stalled', error_message: 'nothing moves' };
      expect((await on.post('/job?jobid=1', body, { ...worker, 'If-Match': etag })).status).toBe(200);
    },
  };
}

const END = { attempt: 1, outcome: 'ERROR', error_cause: 'stalled', error_message: 'nothing moves' };

const linesOf = (from: number, lines: string[], skipped = 0) => ({
  lastId: String(from + lines.length),
  data: { attempt: 1, from, lines, skipped },
});

describe('a log that is followed', () => {
  test('is told from its first line to the end of the attempt', async () => {
    const { server, send, end } = await atWork();
    await send('from=0', 'zero\none\n');
    const reader = readStream(server.url, PATH);
    expect(await reader.next('lines')).toEqual(linesOf(0, ['zero', 'one']));
    await send('from=2', 'two\n');
    expect(await reader.next('lines')).toEqual(linesOf(2, ['two']));
    await send('from=3', 'three\n');
    await end();
    expect(await reader.next('lines')).toEqual(linesOf(3, ['three']));
    expect((await reader.next('end')).data).toEqual(END);
    expect(await reader.rest()).toEqual([]);
  });

  test('begins at once, although there are no lines yet', async () => {
    const { server, send } = await atWork();
    const reader = readStream(server.url, PATH);
    expect(await reader.next('lines')).toEqual(linesOf(0, []));
    await send('from=0', 'zero\n');
    expect(await reader.next('lines')).toEqual(linesOf(0, ['zero']));
  });

  test('makes its worker send more often, while somebody reads', async () => {
    const { server, send } = await atWork();
    const reader = readStream(server.url, PATH);
    await reader.next('lines');
    server.monotonic.advance(600_000);
    expect(await send('from=0', 'zero\n')).toMatchObject({ followed: true });
  });

  test('says how many lines are not kept any more', async () => {
    const { server, send } = await atWork();
    await send('from=0', 'line\n'.repeat(TAIL_LINES + 20));
    const { data } = await readStream(server.url, PATH, { lastId: '5' }).next('lines');
    expect(data).toMatchObject({ from: 20, skipped: 15 });
  });

  test('goes on behind the last line that was seen, also after a restart', async () => {
    const { server, send, end } = await atWork();
    await send('from=0', 'zero\none\n');
    const restarted = await server.restart();
    const reader = readStream(restarted.url, PATH, { lastId: '2' });
    expect(await reader.next('lines')).toEqual(linesOf(2, []));
    await send('from=0', 'zero\n', restarted);
    await send('from=1', 'one\ntwo\n', restarted);
    expect(await reader.next('lines')).toEqual(linesOf(2, ['two']));
    await end(restarted);
    expect((await reader.next('end')).data).toEqual(END);
  });

  test('of an attempt that is over is told from its file, with the same numbers', async () => {
    const { server, send, end } = await atWork();
    await send('from=7&skipped=7', 'seven\neight\n');
    await end();
    const restarted = await server.restart();
    expect(await readFile(join(server.dataDir, 'runs/0001/logs/1-1.log'), 'utf8')).toContain('# 7 earlier');
    const again = readStream(restarted.url, PATH, { lastId: '8' });
    expect(await again.next('lines')).toEqual(linesOf(8, ['eight']));
    expect((await again.next('end')).data).toEqual(END);
    const whole = readStream(restarted.url, '/job/log?jobid=1&follow');
    expect(await whole.next('lines')).toEqual(linesOf(7, ['seven', 'eight'], 7));
  });

  test('that was never kept has an end all the same', async () => {
    const { server, end } = await atWork();
    await end();
    await rm(join(server.dataDir, 'runs/0001/logs'), { recursive: true });
    const reader = readStream(server.url, PATH, { lastId: 'nonsense' });
    expect((await reader.next('end')).data).toEqual(END);
  });

  test('is not there for a job or an attempt that is not', async () => {
    const { server } = await atWork();
    for (const query of ['jobid=1&attempt=2', 'jobid=9', 'jobid=2']) {
      expect((await server.get(`/job/log?${query}&follow`)).status).toBe(404);
    }
  });

  test('ends when the orchestrator stops', async () => {
    const { server } = await atWork();
    const reader = readStream(server.url, PATH);
    await reader.next('lines');
    await server.close();
    expect(await reader.rest()).toEqual([]);
  });
});
