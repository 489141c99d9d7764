import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { JSON_ONLY, chain, claim, complete, hashOf, serve, type Answer, type Running } from './harness.ts';

function ask(server: Running, worker: string): Promise<Answer> {
  return server.get('/job?nextjob', { ...JSON_ONLY, 'X-Replay-Worker': worker });
}

async function fail(server: Running, worker: string, cause = 'install'): Promise<void> {
  const { jobId, etag } = await claim(server, worker);
  const body = { status: 'ERROR', error_cause: cause, error_message: 'no libc' };
  await server.post(`/job?jobid=${jobId}`, body, { 'If-Match': etag, 'X-Replay-Worker': worker });
}

/** An orchestrator at which worker a is set aside. */
async function withHostSetAside(): Promise<Running> {
  const server = await serve(chain(6));
  for (let index = 0; index < 3; index += 1) await fail(server, 'a');
  return server;
}

const REFUSAL =
  'This host is set aside: its last 3 attempts failed (install, install, install). It gets jobs again when its self-check is well or a person clears it.';

describe('a host that failed three attempts in a row', () => {
  test('gets no more jobs, however it tries; others do', async () => {
    const server = await withHostSetAside();
    const refused = await ask(server, 'a');
    expect([refused.status, refused.text]).toEqual([403, REFUSAL]);
    const { etag } = await server.get('/job?jobid=6');
    const headers = { 'If-Match': etag, 'X-Replay-Worker': 'a' };
    expect((await server.post('/job?jobid=6', { status: 'STARTED' }, headers)).status).toBe(403);
    expect((await ask(server, 'b')).status).toBe(200);
    expect(server.log).toContainEqual({
      level: 'warn',
      message: 'a host is set aside: it gets no more jobs for now',
      fields: { worker: 'a', causes: ['install', 'install', 'install'] },
    });
  });

  test('is named in the summary, with what it failed', async () => {
    const server = await withHostSetAside();
    const failure = { attempt: 1, error_cause: 'install', error_message: 'no libc' };
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({
      hosts_set_aside: [
        {
          worker_id: 'a',
          since: '2026-11-22T10:51:26',
          failures: [
            { job_id: 1, ...failure },
            { job_id: 2, ...failure },
            { job_id: 3, ...failure },
          ],
        },
      ],
    });
  });

  test('stays set aside over a restart', async () => {
    const restarted = await (await withHostSetAside()).restart();
    expect((await ask(restarted, 'a')).status).toBe(403);
  });

  test('gets jobs again when its self-check is well, also after a restart', async () => {
    const server = await withHostSetAside();
    const check = (ok: boolean) =>
      server.post(
        '/host/selfcheck',
        { ok, checks: [{ name: 'disk', ok, message: '2 GiB are free' }] },
        { 'X-Replay-Worker': 'a' },
      );
    expect((await check(false)).json()).toEqual({ set_aside: true });
    expect(server.log).toContainEqual({
      level: 'warn',
      message: 'a host has failed its self-check',
      fields: { worker: 'a', findings: ['disk: 2 GiB are free'] },
    });
    expect((await ask(server, 'a')).status).toBe(403);
    expect((await check(true)).json()).toEqual({ set_aside: false });
    const restarted = await server.restart();
    expect((await ask(restarted, 'a')).status).toBe(200);
    await fail(restarted, 'a');
    await fail(restarted, 'a');
    expect((await ask(restarted, 'a')).status).toBe(200);
  });

  test('gets jobs again when a person clears it', async () => {
    const server = await withHostSetAside();
    const cleared = await server.post('/host/clear?worker=a', '');
    expect([cleared.status, cleared.text]).toEqual([200, '{"set_aside": false}']);
    expect((await ask(server, 'a')).status).toBe(200);
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({ hosts_set_aside: [] });
  });

  test('is set aside anew by three failures after it was cleared, also over a restart', async () => {
    const server = await withHostSetAside();
    await server.post('/host/clear?worker=a', {});
    const restarted = await server.restart();
    for (let index = 0; index < 3; index += 1) {
      expect((await ask(restarted, 'a')).status).toBe(200);
      await fail(restarted, 'a');
    }
    expect((await ask(restarted, 'a')).status).toBe(403);
  });

  test('is set aside once more when what was cleared cannot be read any more', async () => {
    const server = await withHostSetAside();
    await server.post('/host/clear?worker=a', '');
    await writeFile(join(server.dataDir, 'runs/0001/hosts.json'), '{"cleared": {"a": ');
    const restarted = await server.restart();
    expect(restarted.log.map(({ message }) => message)).toContain(
      'hosts that were cleared are not known any more',
    );
    expect((await ask(restarted, 'a')).status).toBe(403);
  });
});

describe('a host', () => {
  test('that gets through in between is well', async () => {
    const server = await serve(chain(6));
    await fail(server, 'a');
    await fail(server, 'a');
    await complete(server, 'a', hashOf('a'));
    await fail(server, 'a');
    expect((await ask(server, 'a')).status).toBe(200);
  });

  test('that got through in between is well, in whatever order restarts fall into it', async () => {
    let server = await serve(chain(6));
    await fail(server, 'a');
    await fail(server, 'a');
    server = await server.restart();
    await complete(server, 'a', hashOf('a'));
    server = await server.restart();
    await fail(server, 'a');
    await fail(server, 'a');
    expect((await ask(server, 'a')).status).toBe(200);
  });

  test('that is lost three times is set aside', async () => {
    const server = await serve(chain(1));
    for (let index = 0; index < 3; index += 1) {
      await claim(server, 'a');
      await server.elapse(120_000);
    }
    expect((await ask(server, 'a')).status).toBe(403);
  });

  test('whose self-check is well is not forgiven in advance', async () => {
    const server = await serve(chain(6));
    await fail(server, 'a');
    await fail(server, 'a');
    await server.post('/host/selfcheck', { ok: true }, { 'X-Replay-Worker': 'a' });
    await fail(server, 'a');
    expect((await ask(server, 'a')).status).toBe(403);
  });
});

describe('a request about a host that makes no sense', () => {
  test.each([
    ['/host/selfcheck', { ok: true }, {}, /^The header X-Replay-Worker is missing$/],
    ['/host/selfcheck', {}, { 'X-Replay-Worker': 'a' }, /^ok must be true or false/],
    ['/host/selfcheck', { ok: true, findings: 5 }, { 'X-Replay-Worker': 'a' }, /^findings must be a list/],
    ['/host/selfcheck', '[', { 'X-Replay-Worker': 'a' }, /^The body must be JSON$/],
    ['/host/clear', '', {}, /^The parameter worker is missing$/],
  ])('%s %j is 400', async (path, body, headers: Record<string, string>, message) => {
    const server = await serve(chain(1));
    const answer = await server.post(path, body, headers);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(message);
  });

  test('a host that is not set aside can be cleared without effect', async () => {
    const server = await serve(chain(1));
    expect((await server.post('/host/clear?worker=nobody', '')).status).toBe(200);
  });
});
