import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sendFile } from '../../../src/core/orchestrator/http/send-file.ts';
import { programAt } from '../../../src/core/files/program-file.ts';
import { chain, serve, type Running } from './harness.ts';

const CONTENT = Buffer.from(Array.from({ length: 700_000 }, (_, index) => 97 + ((index * 7) % 26)));
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

async function scene(): Promise<{ server: Running; path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-program-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'replay');
  await writeFile(path, CONTENT);
  return { server: await serve(chain(1), { program: programAt(path) }), path };
}

describe('GET /replay', () => {
  test('is the whole file with its length and SHA-256', async () => {
    const { server } = await scene();
    const { status, text, headers } = await server.get('/replay');
    expect([status, headers.get('etag'), headers.get('content-length')]).toEqual([
      200,
      `"${SHA256}"`,
      '700000',
    ]);
    expect(text === CONTENT.toString()).toBe(true);
    const head = await server.request('HEAD', '/replay');
    expect([head.text, head.headers.get('content-length')]).toEqual(['', '700000']);
  });

  test.each([
    ['bytes=0-0', 206, 0, 1],
    ['bytes=300000-', 206, 300_000, 700_000],
    ['bytes=-10', 206, 699_990, 700_000],
    ['bytes=-999999999', 206, 0, 700_000],
    ['bytes=5-99999999', 206, 5, 700_000],
    ['bytes=0-1,5-6', 200, 0, 700_000],
    ['lines=0-1', 200, 0, 700_000],
    ['bytes=-', 200, 0, 700_000],
  ])('with Range: %s', async (range, expected, from, to) => {
    const { server } = await scene();
    const { status, text, headers } = await server.get('/replay', { Range: range });
    expect([status, headers.get('content-length')]).toEqual([expected, String(to - from)]);
    expect(text === CONTENT.subarray(from, to).toString()).toBe(true);
    const part = status === 206 ? `bytes ${from}-${to - 1}/700000` : null;
    expect(headers.get('content-range')).toBe(part);
  });

  test('knows a range that is outside, and a part of another file', async () => {
    const { server } = await scene();
    const outside = await server.get('/replay', { Range: 'bytes=700000-' });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */700000']);
    const other = await server.get('/replay', { Range: 'bytes=5-', 'If-Range': '"another"' });
    expect([other.status, other.text.length]).toEqual([200, 700_000]);
  });

  test('is 404 where there is no such file', async () => {
    const server = await serve(chain(1));
    expect((await server.get('/replay')).status).toBe(404);
  });
});

/** What the answer is written to, in the place of a socket. */
class Response extends EventEmitter {
  destroyed = false;
  ended = false;
  readonly written: Buffer[] = [];
  readonly pending: (() => void)[] = [];
  #waiting: (() => void) | null = null;

  write(part: Buffer, taken: () => void): boolean {
    this.written.push(part);
    this.pending.push(taken);
    this.#waiting?.();
    return false;
  }

  end(): void {
    this.ended = true;
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }

  /** Resolves with the next part that is handed over. */
  async nextWrite(): Promise<void> {
    if (this.pending.length > 0) return;
    await new Promise<void>((resolve) => (this.#waiting = resolve));
  }
}

describe('a part of a file', () => {
  async function sending(length: number, stallMs = 60_000) {
    const { path } = await scene();
    const response = new Response();
    const sent = sendFile({ path, from: 0, length }, response as unknown as ServerResponse, stallMs);
    return { response, sent };
  }

  test('is read no further than the caller has taken it', async () => {
    const { response, sent } = await sending(600_000);
    for (const parts of [1, 2, 3]) {
      await response.nextWrite();
      expect(response.written).toHaveLength(parts);
      response.pending.shift()?.();
    }
    await sent;
    expect(response.ended).toBe(true);
    expect(Buffer.concat(response.written).equals(CONTENT.subarray(0, 600_000))).toBe(true);
  });

  test('is left when the caller is gone', async () => {
    const { response, sent } = await sending(600_000);
    await response.nextWrite();
    response.destroy();
    await sent;
    expect([response.written.length, response.ended]).toEqual([1, false]);
  });

  test('is cut off when the caller takes nothing', async () => {
    const { response, sent } = await sending(600_000, 20);
    await sent;
    expect([response.destroyed, response.ended]).toEqual([true, false]);
  });

  test('is cut off, and not ended, when the file is shorter than was said', async () => {
    const { response, sent } = await sending(800_000);
    for (const _ of [1, 2, 3]) {
      await response.nextWrite();
      response.pending.shift()?.();
    }
    await sent;
    expect([response.destroyed, response.ended]).toEqual([true, false]);
  });
});
