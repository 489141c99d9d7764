import { describe, expect, test } from 'vitest';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { FULL, JSON_ONLY, chain, claim, hashOf, serve, type Running } from './harness.ts';

const LEASE = { care: { leaseSeconds: 120 } };

async function jobOf(server: Running, jobId = 1): Promise<FullJobRecord> {
  return (await server.get(`/job?jobid=${jobId}`, FULL)).json() as FullJobRecord;
}

async function progress(server: Running, etag: string, block: number, headers = {}): Promise<string> {
  const body = { status: 'WORKING', last_block_processed: block };
  const answer = await server.post('/job?jobid=1', body, { 'If-Match': etag, ...headers });
  expect(answer.status).toBe(200);
  return answer.etag;
}

describe('a lease', () => {
  test('is told with the job', async () => {
    const server = await serve(chain(1), LEASE);
    expect(await jobOf(server)).toMatchObject({ lease_seconds: 120, lease_expires_at: null });
    await claim(server, 'a');
    expect(await jobOf(server)).toMatchObject({ lease_expires_at: '2026-11-22T10:53:26' });
    await server.elapse(30_000);
    server.clock.now = new Date('2026-11-22T10:51:56Z');
    expect(await jobOf(server)).toMatchObject({ lease_expires_at: '2026-11-22T10:53:26' });
  });

  test('that runs out puts the job back, changes its version, and is logged', async () => {
    const server = await serve(chain(1), LEASE);
    const { etag } = await claim(server, 'a');
    await server.elapse(119_999);
    expect(await jobOf(server)).toMatchObject({ status: 'STARTED' });
    await server.elapse(1);
    const lost = await jobOf(server);
    expect(lost).toMatchObject({
      status: 'WAITING_4_WORKER',
      error_cause: 'host-lost',
      error_message: 'worker a was not heard from for 120 s',
      lease_expires_at: null,
      attempts: [{ worker_id: 'a', outcome: 'TIMEOUT', error_cause: 'host-lost' }],
    });
    const stale = await server.post('/job?jobid=1', { status: 'WORKING' }, { 'If-Match': etag });
    expect([stale.status, stale.text]).toEqual([412, 'Invalid ETag']);
    expect(server.log).toContainEqual({
      level: 'warn',
      message: 'an attempt failed, and another follows',
      fields: expect.objectContaining({ job: 1, worker: 'a', cause: 'host-lost' }) as object,
    });
    expect((await claim(server, 'b')).jobId).toBe(1);
    expect(await jobOf(server)).toMatchObject({ attempt: 2, worker_id: 'b' });
  });

  test('ends in TIMEOUT when the budget is spent', async () => {
    const server = await serve(chain(1), { care: { leaseSeconds: 120, retries: { 'host-lost': 1 } } });
    for (const worker of ['a', 'b']) {
      await claim(server, worker);
      await server.elapse(120_000);
    }
    expect(await jobOf(server)).toMatchObject({ status: 'TIMEOUT', error_cause: 'host-lost' });
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({
      is_running: false,
      failed_jobs: [{ status: 'TIMEOUT', jobid: 1, configid: 1 }],
    });
  });

  test('is renewed by everything that its holder sends', async () => {
    const server = await serve(chain(2), LEASE);
    const worker = { 'X-Replay-Worker': 'a' };
    const { etag } = await claim(server, 'a');
    const says: (() => Promise<unknown>)[] = [
      () => server.post('/job?jobid=1', { status: 'STARTED' }, { ...worker, 'If-Match': etag }),
      () => server.post('/job/log?jobid=1', 'a line', worker),
      () =>
        server.post('/job?jobid=1', { status: 'STARTED', stage: 'fetch' }, { ...worker, 'If-Match': etag }),
    ];
    for (const say of says) {
      await server.elapse(119_000);
      await say();
    }
    await server.elapse(119_000);
    expect(await jobOf(server)).toMatchObject({ status: 'STARTED', attempt: 1 });
  });

  test('is renewed by the hash of the snapshot that the holder has loaded', async () => {
    const server = await serve(chain(2), LEASE);
    await claim(server, 'a');
    const { jobId } = await claim(server, 'b');
    await server.elapse(119_000);
    await server.post(
      '/config',
      { end_block_num: 1100, integrity_hash: hashOf('c') },
      { 'X-Replay-Worker': 'b' },
    );
    await server.elapse(119_000);
    expect(await jobOf(server, jobId)).toMatchObject({ status: 'STARTED' });
    expect(await jobOf(server, 1)).toMatchObject({ status: 'WAITING_4_WORKER' });
  });

  test('is not renewed by a question, by a refused update, nor by somebody else', async () => {
    const server = await serve(chain(1), LEASE);
    const { etag } = await claim(server, 'a');
    await server.elapse(119_000);
    await server.get('/job?jobid=1', { 'X-Replay-Worker': 'a' });
    await server.get('/job?nextjob', { 'X-Replay-Worker': 'a' });
    await server.post(
      '/job?jobid=1',
      { status: 'WORKING' },
      { 'If-Match': '"stale"', 'X-Replay-Worker': 'a' },
    );
    await server.post('/job?jobid=1', { status: 'nonsense' }, { 'If-Match': etag, 'X-Replay-Worker': 'a' });
    await server.post('/job?jobid=1', { status: 'STARTED' }, { 'If-Match': '*', 'X-Replay-Worker': 'b' });
    await server.post('/job/log?jobid=1', 'a line', { 'X-Replay-Worker': 'b' });
    await server.elapse(1000);
    expect(await jobOf(server)).toMatchObject({ status: 'WAITING_4_WORKER' });
  });

  test('binds an older client too, which is known by its address', async () => {
    const server = await serve(chain(1), LEASE);
    const offer = await server.get('/job?nextjob');
    const claimed = await server.post('/job?jobid=1', { status: 'STARTED' }, { ETag: offer.etag });
    await server.elapse(100_000);
    await progress(server, claimed.etag, 1010);
    await server.elapse(119_000);
    expect(await jobOf(server)).toMatchObject({ status: 'WORKING' });
    await server.elapse(1000);
    expect(await jobOf(server)).toMatchObject({
      status: 'WAITING_4_WORKER',
      error_message: expect.stringMatching(/^the client at \S+ was not heard from for 120 s$/) as string,
    });
  });

  test('of a finished job is over', async () => {
    const server = await serve(chain(1), LEASE);
    const { etag } = await claim(server, 'a');
    const body = { status: 'COMPLETE', actual_integrity_hash: hashOf('a') };
    await server.post('/job?jobid=1', body, { 'If-Match': etag });
    await server.elapse(1_000_000);
    expect(await jobOf(server)).toMatchObject({ status: 'COMPLETE', lease_expires_at: null });
    expect(server.monotonic.timers).toBe(0);
  });

  test('does not end by a jump of the wall clock', async () => {
    const server = await serve(chain(1), LEASE);
    await claim(server, 'a');
    for (const now of ['2030-01-01T00:00:00Z', '2001-01-01T00:00:00Z']) {
      server.clock.now = new Date(now);
      await server.elapse(59_000);
      expect(await jobOf(server)).toMatchObject({ status: 'STARTED' });
    }
  });

  test('begins anew for every held job after a restart', async () => {
    const server = await serve(chain(3), LEASE);
    await claim(server, 'a');
    const { jobId, etag } = await claim(server, 'b');
    await server.elapse(119_000);
    const restarted = await server.restart();
    await restarted.elapse(119_000);
    const beat = { 'If-Match': etag, 'X-Replay-Worker': 'b' };
    expect((await restarted.post(`/job?jobid=${jobId}`, { status: 'STARTED' }, beat)).status).toBe(200);
    await restarted.elapse(1000);
    expect(await jobOf(restarted, 1)).toMatchObject({ status: 'WAITING_4_WORKER' });
    expect(await jobOf(restarted, jobId)).toMatchObject({ status: 'STARTED' });
  });

  test('begins anew when the orchestrator itself stood still', async () => {
    const server = await serve(chain(1), LEASE);
    await claim(server, 'a');
    server.monotonic.standStill(3_600_000);
    await server.elapse(0);
    expect(await jobOf(server)).toMatchObject({ status: 'STARTED' });
    expect(server.log.map(({ message }) => message)).toContain(
      'this process stood still; all leases begin anew',
    );
    await server.elapse(120_000);
    expect(await jobOf(server)).toMatchObject({ status: 'WAITING_4_WORKER' });
  });

  test('needs one timer, however many there are and however often they are renewed', async () => {
    const server = await serve(chain(20), LEASE);
    const claims = [];
    for (let index = 0; index < 20; index += 1) claims.push(await claim(server, `w${index}`));
    for (const { jobId, etag } of claims) {
      await server.post(`/job?jobid=${jobId}`, { status: 'STARTED' }, { 'If-Match': etag });
    }
    // The other one is that for the file with what hosts cost.
    expect(server.monotonic.timers).toBe(2);
  });
});

describe('a worker that holds a job', () => {
  test('and asks for one is told so, and gets one again when its lease is over', async () => {
    const server = await serve(chain(2), LEASE);
    await claim(server, 'a');
    const ask = () => server.get('/job?nextjob', { ...JSON_ONLY, 'X-Replay-Worker': 'a' });
    const refused = await ask();
    expect([refused.status, refused.text]).toEqual([
      404,
      'Could not find job: a holds job 1 until it gives it back or its lease ends (2026-11-22T10:53:26)',
    ]);
    expect(server.log).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: { worker: 'a', job: 1 } }),
    );
    await server.elapse(120_000);
    expect((await ask()).json()).toMatchObject({ job_id: 1 });
  });

  test('cannot claim a second one', async () => {
    const server = await serve(chain(2), LEASE);
    await claim(server, 'a');
    const { etag } = await server.get('/job?jobid=2');
    const headers = { 'If-Match': etag, 'X-Replay-Worker': 'a' };
    const second = await server.post('/job?jobid=2', { status: 'STARTED' }, headers);
    expect([second.status, second.text]).toEqual([409, 'a holds job 1 already']);
    expect(await jobOf(server, 2)).toMatchObject({ status: 'WAITING_4_WORKER' });
  });

  test('cannot claim two at the same time either', async () => {
    const server = await serve(chain(2), LEASE);
    const etags = await Promise.all([1, 2].map(async (id) => (await server.get(`/job?jobid=${id}`)).etag));
    const answers = await Promise.all(
      etags.map((etag, index) =>
        server.post(
          `/job?jobid=${index + 1}`,
          { status: 'STARTED' },
          { 'If-Match': etag, 'X-Replay-Worker': 'a' },
        ),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });
});

describe('a result that comes too late', () => {
  const late = (server: Running, etag: string, body: object, worker = 'a') =>
    server.post('/job?jobid=1', body, { 'If-Match': etag, 'X-Replay-Worker': worker });
  const COMPLETE = { status: 'COMPLETE', actual_integrity_hash: hashOf('a') };

  test('is kept as evidence over a restart, and changes neither the job nor its version', async () => {
    const server = await serve(chain(1), LEASE);
    const { etag } = await claim(server, 'a');
    await server.elapse(120_000);
    const second = await claim(server, 'b');
    const before = await jobOf(server);
    const answer = await late(server, etag, COMPLETE);
    expect([answer.status, answer.text]).toEqual([412, 'Invalid ETag']);
    expect((await late(server, etag, COMPLETE)).status).toBe(412);

    const restarted = await server.restart();
    const { etag: now } = await restarted.get('/job?jobid=1');
    expect(now).toBe(second.etag);
    const [first, ...others] = before.attempts;
    expect(await jobOf(restarted)).toEqual({
      ...before,
      attempts: [
        {
          ...first,
          late_results: [
            {
              at: '2026-11-22T10:51:26',
              status: 'COMPLETE',
              actual_integrity_hash: hashOf('a'),
              error_cause: null,
              error_message: null,
            },
          ],
        },
        ...others,
      ],
    });
    const done = await restarted.post('/job?jobid=1', COMPLETE, { 'If-Match': second.etag });
    expect(done.status).toBe(200);
    expect(await jobOf(restarted)).toMatchObject({ status: 'COMPLETE', worker_id: 'b' });
  });

  test('is answered 400 to who sends its version as older clients do', async () => {
    const server = await serve(chain(1), LEASE);
    const { etag } = await claim(server, 'a');
    await server.elapse(120_000);
    const body = { status: 'ERROR', error_cause: 'nodeos-crash', error_message: 'SIGSEGV' };
    const answer = await server.post('/job?jobid=1', body, { ETag: etag, 'X-Replay-Worker': 'a' });
    expect([answer.status, answer.text]).toEqual([400, 'Invalid ETag']);
    expect(await jobOf(server)).toMatchObject({
      status: 'WAITING_4_WORKER',
      error_cause: 'host-lost',
      attempts: [
        { late_results: [{ status: 'ERROR', error_cause: 'nodeos-crash', error_message: 'SIGSEGV' }] },
      ],
    });
  });

  test('that differs from the result of the next attempt is a conflict in the summary', async () => {
    const server = await serve(chain(1), LEASE);
    const { etag } = await claim(server, 'a');
    await server.elapse(120_000);
    const second = await claim(server, 'b');
    const other = { ...COMPLETE, actual_integrity_hash: hashOf('b') };
    await late(server, second.etag, other, 'b');
    await late(server, etag, COMPLETE);
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({
      hash_conflicts: [
        {
          block: 1100,
          attempts: [
            { attempt: 1, worker_id: 'a', hash: hashOf('a'), late: true },
            { attempt: 2, worker_id: 'b', hash: hashOf('b'), late: false },
          ],
        },
      ],
    });
    expect(server.log.map(({ message }) => message)).toContain(
      'attempts at one slice have arrived at different hashes',
    );
  });

  test('is nothing to keep when it is only progress, or from a stranger', async () => {
    const server = await serve(chain(1), LEASE);
    const { etag } = await claim(server, 'a');
    await server.elapse(120_000);
    const before = await jobOf(server);
    await late(server, etag, { status: 'WORKING', last_block_processed: 1050 });
    await late(server, etag, COMPLETE, 'stranger');
    expect(await jobOf(server)).toEqual(before);
  });
});
