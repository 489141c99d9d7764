import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createHash } from 'node:crypto';
import { parseLocation } from '../../../src/core/storage/location.ts';
import type { ZstdChoice } from '../../../src/core/storage/zstd.ts';
import {
  compress,
  failureOf,
  fetching,
  httpServer,
  instantTools,
  s3Server,
  sampleBytes,
  source,
  temporaryFolder,
} from './support.ts';
import type { Fetching } from './support.ts';
import type { Fault, TestServer } from '../../support/s3-server/index.ts';

const CONTENT = sampleBytes(3_000_000);
const STORED = compress(CONTENT);

interface Served {
  server: TestServer;
  fetch: Fetching;
}

/** The same file behind each kind of server. */
const SERVERS = {
  http: async (bytes: Uint8Array, fault: Fault | Fault[] = {}, name = 'a.bin.zst'): Promise<Served> => {
    const server = await httpServer({ root: new Map([[name, bytes]]), faults: { [name]: fault } });
    return { server, fetch: fetching(`${server.url}/${name}`) };
  },
  s3: async (bytes: Uint8Array, fault: Fault | Fault[] = {}, name = 'a.bin.zst'): Promise<Served> => {
    const server = await s3Server({
      root: new Map([[`bucket/${name}`, bytes]]),
      faults: { [`bucket/${name}`]: fault },
    });
    return { server, fetch: fetching(`s3://bucket/${name}`) };
  },
};

const ranges = (server: TestServer) => server.requests.map((request) => request.headers['range'] ?? null);

describe.each(['http', 's3'] as const)('from %s', (kind) => {
  const serve = SERVERS[kind];

  test('a compressed file arrives decompressed, and nothing else is left', async () => {
    const { fetch } = await serve(STORED);
    expect(await fetch.run()).toEqual({ path: fetch.to, storedBytes: STORED.length, bytes: CONTENT.length });
    expect(fetch.content().equals(CONTENT)).toBe(true);
    expect(fetch.left()).toEqual(['target']);
  });

  test('a plain file arrives as it is', async () => {
    const { fetch } = await serve(CONTENT, {}, 'a.bin');
    expect(await fetch.run()).toMatchObject({ storedBytes: CONTENT.length, bytes: CONTENT.length });
    expect(fetch.content().equals(CONTENT)).toBe(true);
  });

  test('progress goes from nothing to everything', async () => {
    const { fetch } = await serve(STORED);
    const seen: { done: number; total: number | null }[] = [];
    await fetch.run({ onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toEqual({ done: 0, total: STORED.length });
    expect(seen.at(-1)).toEqual({ done: STORED.length, total: STORED.length });
    expect(seen.length).toBeGreaterThan(2);
  });

  test('a broken connection is taken up where it broke', async () => {
    const { server, fetch } = await serve(STORED, { cutAfter: 700_000, times: 2 });
    await fetch.run();
    expect(fetch.content().equals(CONTENT)).toBe(true);
    expect(ranges(server)[0]).toBeNull();
    const offsets = ranges(server)
      .slice(1)
      .map((range) => Number(/^bytes=(\d+)-$/.exec(String(range))?.[1]));
    expect(offsets).toHaveLength(2);
    expect(offsets[1]).toBeGreaterThan(offsets[0] ?? Infinity);
    expect(fetch.tools.slept).toHaveLength(2);
  });

  test('a server that goes silent is left and asked again', async () => {
    const { server, fetch } = await serve(STORED, { stallAfter: 500_000, times: 1 });
    await fetch.run({ limits: { idleTimeoutMs: 400 } });
    expect(fetch.content().equals(CONTENT)).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  test('a slow server is waited for', async () => {
    const { server, fetch } = await serve(STORED, { pieces: 10_000 });
    await fetch.run({ limits: { idleTimeoutMs: 5000 } });
    expect(fetch.content().equals(CONTENT)).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test('a server that is silent for ever is given up, and the silence is named', async () => {
    const { fetch } = await serve(STORED, { silent: true });
    const failure = await failureOf(fetch.run({ limits: { idleTimeoutMs: 20, retries: 2 } }));
    expect(failure.failureCause).toBe('download');
    expect(failure.message).toMatch(/sent nothing for 0\.02 s \(gave up after 3 tries with nothing\)$/);
    expect(fetch.left()).toEqual([]);
  });

  test('a server that stops without progress is given up; the pauses grow', async () => {
    const { fetch } = await serve(STORED, [{ cutAfter: 1000, times: 1 }, { cutAfter: 0 }]);
    const failure = await failureOf(fetch.run({ limits: { retries: 4 } }));
    expect(failure.failureCause).toBe('download');
    expect(failure.message).toMatch(/gave up after 5 tries with \d+ of \d+ bytes\)$/);
    expect(fetch.tools.slept).toEqual([1000, 2000, 4000, 8000]);
    expect(fetch.left()).toEqual([]);
  });

  test('a connection that breaks often but brings something each time is never given up', async () => {
    const { server, fetch } = await serve(STORED, { cutAfter: 150_000 });
    await fetch.run({ limits: { retries: 1, progressBytes: 1000 } });
    expect(fetch.content().equals(CONTENT)).toBe(true);
    expect(server.requests.length).toBeGreaterThan(5);
    expect(new Set(fetch.tools.slept)).toEqual(new Set([1000]));
  });

  test('an announced length that is too long is not taken for success', async () => {
    const { fetch } = await serve(CONTENT, { extraLength: 10 }, 'a.bin');
    const failure = await failureOf(fetch.run({ limits: { retries: 1 } }));
    expect(failure.failureCause).toBe('download');
    expect(fetch.left()).toEqual([]);
  });

  test.each([500, 503, 429])('HTTP %i is asked again', async (status) => {
    const { server, fetch } = await serve(STORED, { status, times: 3 });
    await fetch.run();
    expect(server.requests).toHaveLength(4);
    expect(fetch.content().equals(CONTENT)).toBe(true);
  });

  test('HTTP 500 without an end is a failed download', async () => {
    const { fetch } = await serve(STORED, { status: 500 });
    const failure = await failureOf(fetch.run());
    expect(failure.failureCause).toBe('download');
    expect(failure.message).toContain('HTTP 500');
    expect(fetch.tools.slept).toHaveLength(6);
  });

  test('no such snapshot: the job can never work, and is not tried again', async () => {
    const { fetch } = await serve(STORED);
    const wanted = parseLocation(
      kind === 's3' ? 's3://bucket/b.bin' : `${(await serve(STORED)).server.url}/b.bin`,
    );
    const failure = await failureOf(fetch.run({ from: wanted }));
    expect(failure.failureCause).toBe('bad-job');
    expect(failure.message).toMatch(
      /^Cannot fetch the snapshot: There is no.* at .*b\.bin|no object s3:\/\/bucket\/b\.bin/,
    );
    expect(fetch.tools.slept).toEqual([]);
    expect(fetch.left()).toEqual([]);
  });

  test('a missing block file was listed a moment ago: a failed download', async () => {
    const { fetch } = await serve(STORED, { status: 404 });
    expect((await failureOf(fetch.run({ kind: 'blocks' }))).failureCause).toBe('download');
  });

  test('forbidden: at once, with a hint on credentials', async () => {
    const { fetch } = await serve(STORED, { status: 403 });
    const failure = await failureOf(fetch.run());
    expect(failure.failureCause).toBe('download');
    expect(failure.message).toContain('403');
    expect(failure.hint).toMatch(kind === 's3' ? /s3:GetObject/ : /pre-signed/);
    expect(fetch.tools.slept).toEqual([]);
  });

  test('a file that changes meanwhile begins again, once', async () => {
    const other = compress(sampleBytes(2_000_000, 7));
    const faults = [{ cutAfter: 400_000, times: 1 }, { content: other }];
    const { fetch } = await serve(STORED, faults);
    const seen: number[] = [];
    await fetch.run({ onProgress: ({ done }) => seen.push(done) });
    expect(fetch.content().equals(sampleBytes(2_000_000, 7))).toBe(true);
    expect(seen.filter((done) => done === 0)).toHaveLength(2);
  });

  test('a file that changes again and again is given up', async () => {
    const change = (seed: number) => ({ content: compress(sampleBytes(2_000_000, seed)), cutAfter: 300_000 });
    const faults = [
      { cutAfter: 400_000, times: 1 },
      // The first answer after the change is a refusal on S3 (412) and the new file in whole elsewhere.
      { ...change(2), times: 2 },
      { ...change(3), times: 2 },
    ];
    const { fetch } = await serve(STORED, faults);
    const failure = await failureOf(fetch.run());
    expect(failure.failureCause).toBe('download');
    expect(failure.message).toContain('was changed while it was being fetched');
  });

  test('a byte that is wrong behind the server is found by the checksum inside', async () => {
    const { fetch } = await serve(STORED, { flipAt: 1_000_000 });
    const failure = await failureOf(fetch.run());
    expect(failure.failureCause).toBe('corrupt-snapshot');
    expect(fetch.left()).toEqual([]);
  });

  test('an abort ends it at once with the reason given, and cleans up', async () => {
    const { fetch } = await serve(STORED, { stallAfter: 300_000 });
    const stop = new AbortController();
    const reason = new Error('told to stop');
    const running = fetch.run({
      signal: stop.signal,
      onProgress: ({ done }) => done > 0 && stop.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
    expect(fetch.left()).toEqual([]);
  });
});

describe('servers that do less', () => {
  test('without ranges the beginning is passed over', async () => {
    const faults = [{ cutAfter: 400_000, times: 1, noRanges: true }, { noRanges: true }];
    const { server, fetch } = await SERVERS.http(STORED, faults);
    await fetch.run();
    expect(fetch.content().equals(CONTENT)).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  test('without length and ETag a broken file begins again, since it may be another', async () => {
    const faults = [{ cutAfter: 400_000, times: 1, anonymous: true }, { anonymous: true }];
    const { server, fetch } = await SERVERS.http(STORED, faults);
    await fetch.run();
    expect(fetch.content().equals(CONTENT)).toBe(true);
    expect(ranges(server)).toEqual([null, null]);
  });

  test('without a length the frames decide whether a compressed file is whole', async () => {
    const { fetch } = await SERVERS.http(STORED.subarray(0, 500_000), { anonymous: true });
    const failure = await failureOf(fetch.run());
    expect(failure.failureCause).toBe('corrupt-snapshot');
    expect(failure.message).toContain('the compressed data is cut off at byte 500000');
  });

  test('a server that compresses on the way is refused', async () => {
    const { fetch } = await SERVERS.http(STORED, { headers: { 'content-encoding': 'gzip' } });
    const failure = await failureOf(fetch.run());
    expect(failure.failureCause).toBe('download');
    expect(failure.message).toMatch(/sends it with Content-Encoding: gzip$/);
  });

  test('a server that declares .zst as an encoding is taken at the bytes', async () => {
    const { fetch } = await SERVERS.http(STORED, { headers: { 'content-encoding': 'zstd' } }, 'a.bin');
    expect((await fetch.run()).bytes).toBe(CONTENT.length);
  });

  test('a server that nobody listens on', async () => {
    const { server, fetch } = await SERVERS.http(STORED);
    await server.close();
    const failure = await failureOf(fetch.run({ limits: { retries: 1 } }));
    expect(failure.failureCause).toBe('download');
    expect(failure.message).toMatch(/Cannot reach 127\.0\.0\.1:\d+: .*gave up after 2 tries with nothing/);
  });
});

describe.each(['program', 'built-in'] satisfies ZstdChoice[])('damage, decompressed by the %s', (zstd) => {
  const fromFile = (bytes: Uint8Array, name = 'a.bin.zst') => {
    const file = path.join(temporaryFolder(), name);
    writeFileSync(file, bytes);
    return fetching(file, { zstd });
  };

  test.each([
    ['cut off', STORED.subarray(0, 1_000_000), 'the compressed data is cut off at byte 1000000'],
    [
      'cut off in the checksum',
      STORED.subarray(0, -1),
      `the compressed data is cut off at byte ${STORED.length - 1}`,
    ],
    ['empty', Buffer.alloc(0), 'it is empty'],
    [
      'with bytes behind it',
      Buffer.concat([STORED, CONTENT]),
      `unexpected bytes after the compressed data at byte ${STORED.length}`,
    ],
    ['not compressed', CONTENT, 'it is named .zst, but is not zstd: it begins with bytes'],
    ['short and not compressed', Buffer.from('abc'), 'it begins with bytes 616263'],
  ])('%s', async (_, bytes, message) => {
    const fetch = fromFile(bytes);
    const failure = await failureOf(fetch.run());
    expect(failure.failureCause).toBe('corrupt-snapshot');
    expect(failure.message).toContain(message);
    expect(failure.message).toMatch(/^The snapshot .*a\.bin\.zst is damaged: /);
    expect(fetch.left()).toEqual([]);
  });

  test('a wrong byte inside', async () => {
    const bytes = Buffer.from(STORED);
    bytes[1_500_000] = (bytes[1_500_000] ?? 0) ^ 0xff;
    const failure = await failureOf(fromFile(bytes).run());
    expect(failure.failureCause).toBe('corrupt-snapshot');
  });

  test('a declared size that is not kept', async () => {
    const bytes = Buffer.from(compress(Buffer.alloc(70_000)));
    // Frame header: magic, descriptor, then four bytes of content size.
    bytes.writeUInt32LE(70_001, bytes[4] === 0xa4 ? 5 : 6);
    expect((await failureOf(fromFile(bytes).run())).failureCause).toBe('corrupt-snapshot');
  });

  test('several frames, with skippable ones between', async () => {
    const skippable = Buffer.from('502a4d1803000000aabbcc', 'hex');
    const fetch = fromFile(Buffer.concat([skippable, STORED, skippable, compress(Buffer.from('end'))]));
    await fetch.run();
    expect(fetch.content().equals(Buffer.concat([CONTENT, Buffer.from('end')]))).toBe(true);
  });

  test('the disk is full while writing', async () => {
    const fetch = fromFile(STORED);
    symlinkSync('/dev/full', `${fetch.to}.partial`);
    const failure = await failureOf(fetch.run({ freeBytes: async () => 3_500_000 }));
    expect(failure.failureCause).toBe('disk-full');
    expect(failure.message).toContain('no space is left on the disk (2.9 MiB are needed, 3.3 MiB are free)');
    expect(fetch.left()).toEqual([]);
  });
});

describe('the disk', () => {
  const fromFile = (bytes: Uint8Array) => {
    const file = path.join(temporaryFolder(), 'a.bin');
    writeFileSync(file, bytes);
    return fetching(file);
  };

  test.each([
    ['compressed', STORED],
    ['plain', CONTENT],
  ])('too little space for a %s file is said before anything is written', async (_, bytes) => {
    const fetch = fromFile(bytes);
    const failure = await failureOf(fetch.run({ freeBytes: async () => 1_000_000 }));
    expect(failure.failureCause).toBe('disk-full');
    expect(failure.message).toContain('(2.9 MiB are needed, 976.6 KiB are free)');
    expect(fetch.left()).toEqual([]);
  });

  test('is full while a plain file is written', async () => {
    const fetch = fromFile(CONTENT);
    symlinkSync('/dev/full', `${fetch.to}.partial`);
    expect((await failureOf(fetch.run())).failureCause).toBe('disk-full');
  });

  test('a left-over of an earlier attempt is overwritten', async () => {
    const fetch = fromFile(STORED);
    writeFileSync(`${fetch.to}.partial`, sampleBytes(5_000_000));
    await fetch.run();
    expect(fetch.content().equals(CONTENT)).toBe(true);
    expect(fetch.left()).toEqual(['target']);
  });

  test('a failed attempt leaves the file of an earlier one alone', async () => {
    const fetch = fromFile(STORED.subarray(0, 100));
    writeFileSync(fetch.to, 'earlier');
    await failureOf(fetch.run());
    expect(fetch.content().toString()).toBe('earlier');
  });

  test('the folder of the target is made', async () => {
    const fetch = fromFile(STORED);
    const to = path.join(path.dirname(fetch.to), 'data', 'blocks', 'a.bin');
    await fetch.run({ to });
    expect(readFileSync(to).equals(CONTENT)).toBe(true);
  });

  test('a target that cannot be written is named', async () => {
    const fetch = fromFile(STORED);
    mkdirSync(fetch.to);
    const failure = await failureOf(fetch.run());
    expect(failure.message).toContain(`Cannot write ${fetch.to}: `);
  });
});

describe('checks', () => {
  const sha256 = createHash('sha256').update(STORED).digest('hex');

  test('the checksum is that of the bytes as stored, over all connections', async () => {
    const { fetch } = await SERVERS.http(STORED, { cutAfter: 600_000, times: 2 });
    await fetch.run({ sha256 });
    expect(existsSync(fetch.to)).toBe(true);
  });

  test('another checksum is a corrupt snapshot, with both named', async () => {
    const { fetch } = await SERVERS.http(STORED);
    const failure = await failureOf(fetch.run({ sha256: '00'.repeat(32) }));
    expect(failure.failureCause).toBe('corrupt-snapshot');
    expect(failure.message).toContain(`its SHA-256 is ${sha256}, expected ${'00'.repeat(32)}`);
    expect(fetch.left()).toEqual([]);
  });

  test.each(['snapshot.bin', 'snapshot.bin.zst'])(
    'a web page in place of %s is told by its first bytes',
    async (name) => {
      const page = Buffer.from('<!DOCTYPE html><html><body>Please sign in</body></html>');
      const { fetch } = await SERVERS.http(page, {}, name);
      const failure = await failureOf(fetch.run());
      expect(failure.failureCause).toBe('download');
      expect(failure.message).toBe(
        'Cannot fetch the snapshot: the server sent a web page in place of the file',
      );
    },
  );

  test('a file that is right but called text/html is taken', async () => {
    const server = await httpServer({ root: new Map([['a.zst', STORED]]), contentType: 'text/html' });
    const fetch = fetching(`${server.url}/a.zst`);
    await fetch.run();
    expect(fetch.content().equals(CONTENT)).toBe(true);
  });

  test('a compressed file without .zst in its name is decompressed', async () => {
    const { fetch } = await SERVERS.http(STORED, {}, 'a.bin');
    expect((await fetch.run()).bytes).toBe(CONTENT.length);
  });

  test('a package is stored as it comes', async () => {
    const { fetch } = await SERVERS.http(STORED, {}, 'a.deb.zst');
    await fetch.run({ kind: 'package', decompress: false });
    expect(fetch.content().equals(STORED)).toBe(true);
  });

  test.each([
    ['snapshot', 'corrupt-snapshot'],
    ['blocks', 'blocks-log'],
    ['genesis', 'bad-job'],
    ['package', 'install'],
  ] as const)('damage to a %s has the cause %s', async (kind, cause) => {
    const { fetch } = await SERVERS.http(STORED.subarray(0, 1000));
    expect((await failureOf(fetch.run({ kind }))).failureCause).toBe(cause);
  });
});

describe('from a file', () => {
  test('it is copied, and the original stays', async () => {
    const file = path.join(temporaryFolder(), 'a b+%20ü.bin');
    writeFileSync(file, CONTENT);
    const fetch = fetching(file);
    await fetch.run();
    writeFileSync(fetch.to, 'nodeos was here');
    expect(readFileSync(file).equals(CONTENT)).toBe(true);
  });

  test.each([
    ['missing', '/nonexistent/a.bin', 'There is no file /nonexistent/a.bin'],
    ['a directory', '/', '/ is a directory, expected a regular file'],
    ['a device', '/dev/zero', '/dev/zero is a device, pipe or socket, expected a regular file'],
  ])('%s', async (_, file, message) => {
    const fetch = fetching(file);
    const failure = await failureOf(fetch.run());
    expect(failure.failureCause).toBe('bad-job');
    expect(failure.message).toContain(message);
    expect(fetch.left()).toEqual([]);
  });
});

test('pauses are jittered by the random number that is given', async () => {
  const { fetch } = await SERVERS.http(STORED, { status: 500, times: 3 });
  const tools = instantTools(0.5);
  await fetch.run({ tools });
  expect(tools.slept).toEqual([500, 1000, 2000]);
});

test('an aborted signal fetches nothing', async () => {
  const fetch = fetching('/dev/null', { source: source() });
  await expect(fetch.run({ signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
});
