/** Another run of many jobs in one request. */
import { describe, expect, test } from 'vitest';
import { bearer, guarded, SERVE_TOKEN } from './access/scene.ts';
import { chain, claim, complete, entry, FULL, hashOf, JSON_ONLY, serve, type Running } from './harness.ts';

async function fail(server: Running, worker: string): Promise<number> {
  const { jobId, etag } = await claim(server, worker);
  const headers = { 'X-Replay-Worker': worker, 'If-Match': etag };
  await server.post(`/job?jobid=${jobId}`, { status: 'ERROR', error_message: 'it broke' }, headers);
  return jobId;
}

async function statuses(server: Running): Promise<string[]> {
  const jobs = (await server.get('/status', JSON_ONLY)).json() as { status: string }[];
  return jobs.map(({ status }) => status);
}

describe('POST /jobs/retry', () => {
  test('puts back all that failed, and nothing else', async () => {
    const server = await serve([
      entry(1000, 1100, { expected_integrity_hash: hashOf('a') }),
      ...chain(5).slice(1),
    ]);
    await complete(server, 'a', hashOf('b'));
    await fail(server, 'b');
    await complete(server, 'c', hashOf('c'));
    await claim(server, 'd');
    expect((await server.post('/jobs/retry', { failed: true })).json()).toEqual({
      jobs: [
        {
          job_id: 1,
          done: true,
          outcome: 'queued',
          status_before: 'HASH_MISMATCH',
          message: 'was HASH_MISMATCH, and waits for a host now',
        },
        {
          job_id: 2,
          done: true,
          outcome: 'queued',
          status_before: 'ERROR',
          message: 'was ERROR, and waits for a host now',
        },
      ],
    });
    expect(await statuses(server)).toEqual([
      'WAITING_4_WORKER',
      'WAITING_4_WORKER',
      'COMPLETE',
      'STARTED',
      'WAITING_4_WORKER',
    ]);
    expect((await server.post('/jobs/retry', { failed: true })).json()).toEqual({ jobs: [] });
  });

  test('leaves a job exactly as one that a person put back by itself', async () => {
    const [one, other] = [await serve(chain(1)), await serve(chain(1))];
    for (const server of [one, other]) await fail(server, 'a');
    await one.post('/jobs/retry', { job_ids: [1] });
    const { etag } = await other.get('/job?jobid=1');
    await other.post('/job?jobid=1', { status: 'WAITING_4_WORKER' }, { 'If-Match': etag });
    expect((await one.get('/status', FULL)).text).toBe((await other.get('/status', FULL)).text);
    const again = await one.restart();
    expect((await again.get('/status', FULL)).text).toBe((await other.get('/status', FULL)).text);
  });

  test('says of each named job what became of it; twice the same does no harm', async () => {
    const server = await serve(chain(3));
    await fail(server, 'a');
    const { etag } = await claim(server, 'b');
    const ask = async (more = {}) => {
      const answer = await server.post('/jobs/retry', { job_ids: [1, 2, 3, 99, 1], ...more });
      return (answer.json() as { jobs: { job_id: number; outcome: string; done: boolean }[] }).jobs.map(
        ({ job_id: id, outcome, done }) => [id, outcome, done],
      );
    };
    expect(await ask()).toEqual([
      [1, 'queued', true],
      [2, 'held', false],
      [3, 'waiting', true],
      [99, 'not-found', false],
    ]);
    expect(await ask({ force: true })).toEqual([
      [1, 'waiting', true],
      [2, 'queued', true],
      [3, 'waiting', true],
      [99, 'not-found', false],
    ]);
    const late = await server.post(
      '/job?jobid=2',
      { status: 'WORKING' },
      { 'X-Replay-Worker': 'b', 'If-Match': etag },
    );
    expect(late.status).toBe(412);
    const [, job] = (await server.get('/status', FULL)).json() as { attempts: object[] }[];
    expect(job!.attempts).toMatchObject([{ outcome: 'RETURNED' }]);
  });

  test('of 900 jobs that failed is one request, in a few writes', async () => {
    const server = await serve(chain(900));
    const all = Array.from({ length: 900 }, (_, index) => index + 1);
    await Promise.all(all.map((id) => fail(server, `host-${id}`)));
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({ jobs_failed: 900 });
    const { jobs } = (await server.post('/jobs/retry', { failed: true })).json() as {
      jobs: { outcome: string }[];
    };
    expect([jobs.length, new Set(jobs.map(({ outcome }) => outcome))]).toEqual([900, new Set(['queued'])]);
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({ jobs_failed: 0 });
  });

  test.each([
    '{',
    '[]',
    '{}',
    '{"failed": false}',
    '{"failed": "yes"}',
    '{"failed": true, "job_ids": [1]}',
    '{"failed": true, "force": true}',
    '{"job_ids": "1"}',
    '{"job_ids": [1.5]}',
    '{"job_ids": [0]}',
    '{"job_ids": [1], "force": 1}',
  ])('is 400 for %s, and changes nothing', async (body) => {
    const server = await serve(chain(1));
    await fail(server, 'a');
    expect((await server.post('/jobs/retry', body)).status).toBe(400);
    expect(await statuses(server)).toEqual(['ERROR']);
  });

  test('needs the right admin', async () => {
    const { server, token } = await guarded();
    const { token: weak } = await token(['work']);
    expect((await server.post('/jobs/retry', { failed: true }, bearer(weak))).status).toBe(403);
    expect((await server.post('/jobs/retry', { failed: true }, bearer(SERVE_TOKEN))).status).toBe(200);
  });
});
