/** The handing out of jobs, stopped and begun again by a person. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bearer, guarded, SERVE_TOKEN } from './access/scene.ts';
import { readStream } from './event-reader.ts';
import { chain, claim, complete, hashOf, JSON_ONLY, serve, type Running } from './harness.ts';

const HOST = { 'X-Replay-Worker': 'host-1' };

async function paused(server: Running): Promise<unknown> {
  return ((await server.get('/summary', JSON_ONLY)).json() as { paused: unknown }).paused;
}

const pauseFile = (server: Running): string => join(server.dataDir, 'runs/0001/paused.json');

describe('while a run is paused', () => {
  test('no job is offered, to no kind of caller', async () => {
    const server = await serve(chain(2));
    expect((await server.post('/run/pause', '')).json()).toEqual({
      run_id: 1,
      paused: { since: '2026-11-22T10:51:26', by: null, reason: null },
    });
    for (const headers of [{}, HOST, { ...HOST, ...JSON_ONLY }]) {
      const { status, text } = await server.get('/job?nextjob', headers);
      expect([status, text]).toEqual([404, 'Could not find job']);
    }
  });

  test('a job that was offered before cannot be claimed, and can be again after the pause', async () => {
    const server = await serve(chain(2));
    const { etag } = await server.get('/job?nextjob', HOST);
    await server.post('/run/pause', '');
    const claimIt = () => server.post('/job?jobid=1', { status: 'STARTED' }, { ...HOST, 'If-Match': etag });
    const refused = await claimIt();
    expect([refused.status, refused.text]).toEqual([
      409,
      'The run is paused since 2026-11-22T10:51:26Z: no job is handed out until it is resumed',
    ]);
    await server.post('/run/resume', '');
    expect((await claimIt()).status).toBe(200);
  });

  test('jobs that are held go on to their end, and the run keeps running', async () => {
    const server = await serve(chain(2));
    const { etag } = await claim(server, 'host-1');
    await server.post('/run/pause', '');
    const headers = { ...HOST, 'If-Match': etag };
    const working = await server.post('/job?jobid=1', { status: 'WORKING' }, headers);
    expect(working.status).toBe(200);
    const done = { status: 'COMPLETE', actual_integrity_hash: hashOf('a') };
    const completed = await server.post('/job?jobid=1', done, { ...HOST, 'If-Match': working.etag });
    expect(completed.status).toBe(200);
    const summary = (await server.get('/summary', JSON_ONLY)).json();
    expect(summary).toMatchObject({ is_running: true, statuses: { COMPLETE: 1, WAITING_4_WORKER: 1 } });
  });

  test('a claim whose answer was lost is answered again', async () => {
    const server = await serve(chain(1));
    const { etag } = await server.get('/job?nextjob', HOST);
    const headers = { ...HOST, 'If-Match': etag };
    expect((await server.post('/job?jobid=1', { status: 'STARTED' }, headers)).status).toBe(200);
    await server.post('/run/pause', '');
    expect((await server.post('/job?jobid=1', { status: 'STARTED' }, headers)).status).toBe(200);
  });

  test('a job that a person asks for again waits for the end of the pause', async () => {
    const server = await serve(chain(1));
    await complete(server, 'host-1', hashOf('a'));
    await server.post('/run/pause', '');
    const { etag } = await server.get('/job?jobid=1');
    const again = await server.post('/job?jobid=1', { status: 'WAITING_4_WORKER' }, { 'If-Match': etag });
    expect(again.status).toBe(200);
    expect((await server.get('/job?nextjob', HOST)).status).toBe(404);
    await server.post('/run/resume', '');
    expect((await server.get('/job?nextjob', HOST)).status).toBe(200);
  });

  test('no claim is accepted after the answer to the pause', async () => {
    const server = await serve(chain(30));
    const offers = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const worker = { 'X-Replay-Worker': `host-${index}` };
        const offer = await server.get('/job?nextjob', { ...JSON_ONLY, ...worker });
        return { worker, etag: offer.etag, jobId: (offer.json() as { job_id: number }).job_id };
      }),
    );
    let isPaused = false;
    const late: number[] = [];
    const claims = offers.map(async ({ worker, etag, jobId }) => {
      const wasPaused = isPaused;
      const headers = { ...worker, 'If-Match': etag };
      const { status } = await server.post(`/job?jobid=${jobId}`, { status: 'STARTED' }, headers);
      if (status === 200 && wasPaused) late.push(jobId);
      return status;
    });
    const pause = server.post('/run/pause', '').then(async () => {
      isPaused = true;
      const { statuses } = (await server.get('/summary', JSON_ONLY)).json() as {
        statuses: Record<string, number>;
      };
      return statuses['STARTED'];
    });
    const outcomes = await Promise.all(claims);
    const startedAtPause = await pause;
    expect(late).toEqual([]);
    expect(outcomes.every((status) => status === 200 || status === 409)).toBe(true);
    expect(outcomes.filter((status) => status === 200).length).toBe(startedAtPause);
  });
});

describe('a pause', () => {
  test('outlives the orchestrator, and says so when it starts again', async () => {
    const first = await serve(chain(1));
    await first.post('/run/pause', { reason: 'a new disk' });
    const server = await first.restart();
    expect(await paused(server)).toEqual({ since: '2026-11-22T10:51:26', by: null, reason: 'a new disk' });
    expect((await server.get('/job?nextjob', HOST)).status).toBe(404);
    expect(server.log).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining('the run is paused') }),
    );
    await server.post('/run/resume', '');
    const third = await server.restart();
    expect(await paused(third)).toBeNull();
  });

  test('is asked for twice and stays the first one; so is its end', async () => {
    const server = await serve(chain(1));
    await server.post('/run/pause', { reason: 'one' });
    server.clock.now = new Date('2026-11-22T12:00:00Z');
    const again = await server.post('/run/pause', { reason: 'two' });
    expect(again.json()).toMatchObject({ paused: { since: '2026-11-22T10:51:26', reason: 'one' } });
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await server.post('/run/resume', '')).json()).toEqual({ run_id: 1, paused: null });
    }
  });

  test('holds when its file is damaged: somebody wanted it', async () => {
    const first = await serve(chain(1));
    await first.post('/run/pause', '');
    await first.close();
    await writeFile(pauseFile(first), '{"since": "yes');
    const server = await first.restart();
    expect(await paused(server)).toMatchObject({ reason: 'paused.json is damaged' });
    await server.post('/run/resume', '');
    await expect(readFile(pauseFile(server))).rejects.toThrow('ENOENT');
  });

  test('that cannot be written is none', async () => {
    const server = await serve(chain(1));
    const folder = join(server.dataDir, 'runs/0001');
    await rm(folder, { recursive: true });
    expect((await server.post('/run/pause', '')).status).toBe(503);
    expect(await paused(server)).toBeNull();
    expect((await server.get('/job?nextjob', HOST)).status).toBe(200);
  });

  test('is told to readers of the events at once', async () => {
    const server = await serve(chain(1));
    const reader = readStream(server.url, '/events');
    expect((await reader.next('summary')).data).toMatchObject({ paused: null });
    await server.post('/run/pause', { reason: 'why' });
    expect((await reader.next('summary')).data).toMatchObject({ paused: { reason: 'why' } });
    await server.post('/run/resume', '');
    expect((await reader.next('summary')).data).toMatchObject({ paused: null });
  });

  test.each([
    ['{"reason": 7}', 400],
    ['[]', 400],
    ['{', 400],
    [`{"reason": "${'x'.repeat(9000)}"}`, 413],
  ])('is not begun by the body %.20s', async (body, status) => {
    const server = await serve(chain(1));
    expect((await server.post('/run/pause', body)).status).toBe(status);
    expect(await paused(server)).toBeNull();
  });

  test('names the token that asked, and cuts a long reason', async () => {
    const { server, token } = await guarded();
    const admin = await token(['admin']);
    const reason = 'x'.repeat(1000);
    const answer = await server.post('/run/pause', { reason }, bearer(admin.token));
    expect(answer.json()).toMatchObject({ paused: { by: admin.id, reason: 'x'.repeat(500) } });
  });

  test.each(['/run/pause', '/run/resume'])('POST %s needs the right admin', async (path) => {
    const { server, token } = await guarded();
    await server.post('/run/pause', '', bearer(SERVE_TOKEN));
    for (const right of ['read', 'work'] as const) {
      const { token: weak } = await token([right]);
      expect((await server.post(path, '', bearer(weak))).status).toBe(403);
    }
    expect((await server.post(path, '')).status).toBe(401);
    const answer = await server.get('/summary', { ...JSON_ONLY, ...bearer(SERVE_TOKEN) });
    expect(answer.json()).toMatchObject({ paused: { by: 'serve' } });
  });
});
