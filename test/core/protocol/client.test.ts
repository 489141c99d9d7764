import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { orchestratorClient, type OrchestratorClient } from '../../../src/core/protocol/client.ts';
import { ExitCode } from '../../../src/core/domain/exit-codes.ts';
import { asUserError, OrchestratorError } from '../../../src/core/protocol/client-error.ts';
import { fullRecord } from './records.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

async function serveAnswer(
  status: number,
  headers: Record<string, string>,
  body: string,
): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const url = await serve((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: text,
      });
      response.writeHead(status, headers).end(body);
    });
  });
  return { url, seen };
}

const NEW_RUN = { manifest: null, current_run_id: 1 };
const TOKENS = { uses: 1, valid_seconds: 60, worker_valid_seconds: 60, name: 'a' };
const ATTEMPT = { jobId: 1, attempt: 1 };
const PART = { from: 0, skipped: 0, lines: [] };
const ETAG = `"${'a1'.repeat(20)}"`;

describe('asking for a job', () => {
  it('names the worker, asks for the full record and returns it with its version', async () => {
    const record = fullRecord({ job_id: 7 });
    const { url, seen } = await serveAnswer(200, { ETag: ETAG }, JSON.stringify(record));
    const client = orchestratorClient({ baseUrl: url, workerId: 'host-1', token: 't0ken' });
    await expect(client.nextJob()).resolves.toEqual({ job: record, etag: ETAG });
    expect(seen[0]).toMatchObject({
      method: 'GET',
      url: '/job?nextjob',
      headers: {
        accept: 'application/vnd.replay.job+json',
        'x-replay-worker': 'host-1',
        authorization: 'Bearer t0ken',
      },
    });
  });

  it('has none when nothing waits', async () => {
    const { url } = await serveAnswer(404, {}, 'Could not find job');
    await expect(orchestratorClient({ baseUrl: url }).nextJob()).resolves.toBeNull();
  });

  it.each([
    ['no version', {}, JSON.stringify(fullRecord({}))],
    ['no JSON', { ETag: ETAG }, 'job_id=1'],
    ['another JSON', { ETag: ETAG }, '{"hello": 1}'],
    ['a job that lacks a field', { ETag: ETAG }, JSON.stringify({ ...fullRecord({}), attempts: undefined })],
  ])('takes an answer with %s for another service', async (_name, headers, body) => {
    const { url } = await serveAnswer(200, headers, body);
    await expect(orchestratorClient({ baseUrl: url }).nextJob()).rejects.toMatchObject({
      kind: 'bad-answer',
    });
  });
});

describe('changing a job', () => {
  it('sends the version that was read and returns the new one', async () => {
    const { url, seen } = await serveAnswer(200, { ETag: '"new"' }, '{"status": "updated"}');
    const client = orchestratorClient({ baseUrl: url });
    await expect(client.update(3, ETAG, { status: 'WORKING', last_block_processed: 12 })).resolves.toBe(
      '"new"',
    );
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/job?jobid=3', headers: { 'if-match': ETAG } });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ status: 'WORKING', last_block_processed: 12 });
  });

  it.each([
    [412, 'anything', 'stale'],
    [400, 'Invalid ETag', 'stale'],
    [400, 'last_block_processed: not a number', 'invalid'],
    [401, '', 'refused'],
    [403, '', 'refused'],
    [403, 'This host is set aside: its last 3 attempts failed', 'set-aside'],
    [404, 'Could not find job', 'not-found'],
    [409, 'job 3 cannot go from ERROR to WORKING', 'conflict'],
    [413, '', 'invalid'],
    [429, '', 'unavailable'],
    [500, '', 'unavailable'],
    [503, '', 'unavailable'],
    [301, '', 'bad-answer'],
  ])('reads %i %j as %s', async (status, body, kind) => {
    const { url } = await serveAnswer(status, {}, body);
    const change = orchestratorClient({ baseUrl: url }).update(3, ETAG, { status: 'WORKING' });
    await expect(change).rejects.toMatchObject({ name: 'OrchestratorError', kind, status });
  });

  it('tells the reason and how long to wait', async () => {
    const body = JSON.stringify({ error: { code: 'DRAINING', message: 'stopping', hint: '' } });
    const { url } = await serveAnswer(503, { 'Retry-After': '7' }, body);
    const change = orchestratorClient({ baseUrl: url }).update(3, ETAG, { status: 'WORKING' });
    await expect(change).rejects.toMatchObject({ message: 'it answered 503: stopping', retryAfterMs: 7000 });
  });
});

describe('the start hash', () => {
  it('is sent with the block, the hash and the version', async () => {
    const { url, seen } = await serveAnswer(200, {}, '{"sliceid": 3, "message": "updated integrity hash"}');
    const start = {
      block: 1006,
      hash: 'ab'.repeat(32),
      versionField: 'spring_version',
      version: '1.2.2',
    } as const;
    await expect(orchestratorClient({ baseUrl: url }).postStartHash(start)).resolves.toBe(true);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      end_block_num: 1006,
      integrity_hash: 'ab'.repeat(32),
      spring_version: '1.2.2',
    });
  });

  it('may belong to no slice', async () => {
    const { url } = await serveAnswer(404, {}, 'Config Record with 1006 Not found');
    const start = {
      block: 1006,
      hash: 'ab'.repeat(32),
      versionField: 'leap_version',
      version: '5.0.3',
    } as const;
    await expect(orchestratorClient({ baseUrl: url }).postStartHash(start)).resolves.toBe(false);
  });
});

describe('a host that is set aside', () => {
  it('says what its self-check found', async () => {
    const { url, seen } = await serveAnswer(200, {}, '{"status": "cleared"}');
    const client = orchestratorClient({ baseUrl: url, workerId: 'host-1' });
    const check = { ok: true, checks: [{ name: 'disk', ok: true, message: '212.0 GiB are free' }] };
    await client.postSelfCheck(check);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/host/selfcheck',
      headers: { 'x-replay-worker': 'host-1' },
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(check);
  });

  it.each([
    [{ Date: 'Sun, 22 Nov 2026 11:25:30 GMT' }, new Date('2026-11-22T11:25:30Z')],
    [{ Date: 'later' }, null],
  ])('can compare its clock with %j', async (headers, time) => {
    const { url } = await serveAnswer(200, headers, 'OK');
    await expect(orchestratorClient({ baseUrl: url }).time()).resolves.toEqual(time);
  });
});

describe('the hosts', () => {
  it('are not known to an older orchestrator', async () => {
    const { url, seen } = await serveAnswer(404, {}, 'Not found');
    await expect(orchestratorClient({ baseUrl: url }).hosts()).resolves.toBeNull();
    expect(seen).toMatchObject([{ method: 'GET', url: '/hosts' }]);
  });

  it.each(['{}', '[{}]', '[{"worker_id": 5}]', '[null]'])('are not %s', async (body) => {
    const { url } = await serveAnswer(200, {}, body);
    await expect(orchestratorClient({ baseUrl: url }).hosts()).rejects.toMatchObject({
      kind: 'bad-answer',
    });
  });
});

describe('an answer that is not what was asked for', () => {
  it.each<[string, string, (client: OrchestratorClient) => Promise<unknown>, string]>([
    [
      'a job in a list',
      JSON.stringify([{ job_id: 1 }]),
      (client) => client.status(),
      '[0].replay_slice_id is missing',
    ],
    [
      'a summary',
      '{"total_jobs": 3, "statuses": {}}',
      (client) => client.summary(),
      'total_blocks is missing',
    ],
    ['a host', '[{"worker_id": "a", "attempts": []}]', (client) => client.hosts(), '[0].hostname is missing'],
    ['a run', '[{"run_id": 1, "damage": []}]', (client) => client.runs(), '[0].is_current is missing'],
    ['a new run', '{"run_id": 2}', (client) => client.beginRun(NEW_RUN), 'total_jobs is missing'],
    [
      'a pause',
      '{"run_id": 2, "paused": true}',
      (client) => client.pauseRun(null),
      'paused must be an object, and is true',
    ],
    ['a check', '{"valid": true}', (client) => client.checkManifest(NEW_RUN), 'problems is missing'],
    [
      'a join',
      '{"token": 5}',
      (client) => client.join({ nonce: '', name: 'a' }),
      'token must be a string or null, and is 5',
    ],
    ['a token', '{"token": "x"}', (client) => client.makeJoinToken(TOKENS), 'id is missing'],
    [
      'a log',
      '{"status": "stored", "next": "5"}',
      (client) => client.postLogPart(ATTEMPT, PART, false),
      'next must be an integer, and is "5"',
    ],
  ])('says what is wrong with %s', async (_what, body, ask, problem) => {
    const { url } = await serveAnswer(200, {}, body);
    const error = await ask(orchestratorClient({ baseUrl: url })).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      kind: 'bad-answer',
      message: expect.stringMatching(/^its answer is not .* as this version of replay knows it: /u),
    });
    expect((error as OrchestratorError).message.endsWith(`: ${problem}`)).toBe(true);
  });
});

describe('an exchange that goes wrong', () => {
  it('does not follow a redirect, and says where it leads', async () => {
    const { url, seen } = await serveAnswer(302, { Location: 'http://elsewhere.example/job' }, '');
    const asked = orchestratorClient({ baseUrl: url }).summary();
    await expect(asked).rejects.toMatchObject({
      kind: 'bad-answer',
      message: expect.stringContaining('http://elsewhere.example/job'),
    });
    expect(seen).toHaveLength(1);
  });

  it('ends when no answer comes in time', async () => {
    const url = await serve(() => {});
    const client = orchestratorClient({ baseUrl: url, timeoutMs: 20 });
    await expect(client.health()).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'no answer within 0.02 s',
    });
  });

  it('ends when the answer stops in the middle', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': '1000', ETag: ETAG }).write('{"job_id": ');
      setImmediate(() => response.destroy());
    });
    await expect(orchestratorClient({ baseUrl: url }).nextJob()).rejects.toMatchObject({
      kind: 'unreachable',
    });
  });

  it('does not take more than it should', async () => {
    const { url } = await serveAnswer(200, {}, 'x'.repeat(2 * 1024 * 1024));
    const start = {
      block: 1,
      hash: 'ab'.repeat(32),
      versionField: 'leap_version',
      version: '5.0.3',
    } as const;
    await expect(orchestratorClient({ baseUrl: url }).postStartHash(start)).rejects.toMatchObject({
      kind: 'bad-answer',
    });
  });

  it('says that nothing listens, in words, with exit code 5', async () => {
    const url = await serve(() => {});
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    const error = await orchestratorClient({ baseUrl: url })
      .health()
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      kind: 'unreachable',
      message: 'nothing listens there (connection refused)',
    });
    expect(asUserError(error as OrchestratorError, url)).toMatchObject({
      code: 'ORCHESTRATOR_UNREACHABLE',
      exitCode: ExitCode.unreachable,
    });
  });

  it('passes on the abort of its caller', async () => {
    const url = await serve(() => {});
    const controller = new AbortController();
    const asked = orchestratorClient({ baseUrl: url }).health({ signal: controller.signal });
    controller.abort(new Error('stop'));
    await expect(asked).rejects.not.toBeInstanceOf(OrchestratorError);
  });
});
