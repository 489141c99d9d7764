import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { FULL, JSON_ONLY, chain, claim, entry, hashOf, serve, type Answer, type Running } from './harness.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

async function jobOf(server: Running, jobId = 1): Promise<FullJobRecord> {
  return (await server.get(`/job?jobid=${jobId}`, FULL)).json() as FullJobRecord;
}

function ask(server: Running, worker: string): Promise<Answer> {
  return server.get('/job?nextjob', { ...JSON_ONLY, 'X-Replay-Worker': worker });
}

/** Claims the next job and ends it. The answer to its end. */
async function fail(server: Running, worker: string, cause: string | null, status = 'ERROR') {
  const { jobId, etag } = await claim(server, worker);
  const body = { status, ...(cause === null ? {} : { error_cause: cause, error_message: `${cause} here` }) };
  return server.post(`/job?jobid=${jobId}`, body, { 'If-Match': etag, 'X-Replay-Worker': worker });
}

describe('a failure', () => {
  test('puts the job back at once, and the answer has the version that counts', async () => {
    const server = await serve(chain(1));
    const answer = await fail(server, 'a', 'host-lost');
    expect([answer.status, answer.text]).toEqual([200, '{"status": "updated"}']);
    const { etag } = await server.get('/job?jobid=1');
    expect(answer.etag).toBe(etag);
    expect(await jobOf(server)).toMatchObject({
      status: 'WAITING_4_WORKER',
      error_cause: 'host-lost',
      error_message: 'host-lost here',
      retry_at: null,
      avoided_workers: [],
      worker_id: null,
    });
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({
      is_running: true,
      jobs_failed: 0,
    });
  });

  test('whose answer was lost is reported once', async () => {
    const server = await serve(chain(1));
    const { etag } = await claim(server, 'a');
    const body = { status: 'ERROR', error_cause: 'host-lost' };
    const headers = { 'If-Match': etag, 'X-Replay-Worker': 'a' };
    const first = await server.post('/job?jobid=1', body, headers);
    const again = await server.post('/job?jobid=1', body, headers);
    expect([again.status, again.etag]).toEqual([200, first.etag]);
    expect((await jobOf(server)).attempts).toHaveLength(1);
  });

  test('without a cause, as older clients report it, is the end', async () => {
    const server = await serve(chain(1));
    await fail(server, 'a', null);
    expect(await jobOf(server)).toMatchObject({ status: 'ERROR', error_cause: null, attempt: 1 });
  });

  test.each(['bad-job', 'hash-mismatch'])('for %s is the end', async (cause) => {
    const server = await serve(chain(1));
    await fail(server, 'a', cause);
    expect(await jobOf(server)).toMatchObject({ status: 'ERROR', error_cause: cause });
  });

  test('by TIMEOUT without a cause is the end, as it was asked for', async () => {
    const server = await serve(chain(1));
    await fail(server, 'a', null, 'TIMEOUT');
    expect(await jobOf(server)).toMatchObject({ status: 'TIMEOUT', error_cause: 'host-lost' });
  });

  test('of the last attempt that the budget allows is the end, and a person can ask for more', async () => {
    const server = await serve(chain(1));
    await fail(server, 'a', 'nodeos-crash');
    await fail(server, 'b', 'nodeos-crash');
    const failed = await jobOf(server);
    expect(failed).toMatchObject({ status: 'ERROR', error_cause: 'nodeos-crash', attempt: 2 });
    const { etag } = await server.get('/job?jobid=1');
    await server.post('/job?jobid=1', { status: 'WAITING_4_WORKER' }, { 'If-Match': etag });
    expect(await jobOf(server)).toMatchObject({
      status: 'WAITING_4_WORKER',
      error_cause: null,
      avoided_workers: [],
      max_attempts: (failed.max_attempts ?? 0) + 2,
    });
    await fail(server, 'a', 'nodeos-crash');
    expect(await jobOf(server)).toMatchObject({ status: 'WAITING_4_WORKER', attempt: 3 });
  });

  test('that a person makes of a held job costs no budget', async () => {
    const server = await serve(chain(1), { care: { retries: { interrupted: 0 } } });
    const { etag } = await claim(server, 'a');
    await server.post('/job?jobid=1', { status: 'WAITING_4_WORKER' }, { 'If-Match': etag });
    expect(await jobOf(server)).toMatchObject({
      status: 'WAITING_4_WORKER',
      attempts: [{ outcome: 'RETURNED' }],
    });
    await fail(server, 'b', 'interrupted', 'WAITING_4_WORKER');
    expect(await jobOf(server)).toMatchObject({
      status: 'ERROR',
      error_cause: 'interrupted',
      worker_id: 'b',
    });
  });
});

describe('a delay', () => {
  test('keeps the job back from everybody, and begins once', async () => {
    const server = await serve(chain(1));
    await fail(server, 'a', 'download');
    expect(await jobOf(server)).toMatchObject({ retry_at: '2026-11-22T10:51:48', avoided_workers: ['a'] });
    await server.elapse(22_499);
    expect((await ask(server, 'b')).status).toBe(404);
    // The job changes, and its delay goes on.
    await server.post('/config', { end_block_num: 1100, integrity_hash: hashOf('a') });
    await server.elapse(1);
    expect((await ask(server, 'b')).status).toBe(200);
  });

  test('grows with each failure', async () => {
    const server = await serve(chain(1));
    const delays = [];
    for (const worker of ['a', 'b', 'c', 'd', 'e']) {
      await fail(server, worker, 'install');
      const { retry_at } = await jobOf(server);
      delays.push((Date.parse(`${retry_at}Z`) - Date.parse('2026-11-22T10:51:26Z')) / SECOND);
      await server.elapse(10 * MINUTE);
    }
    expect(delays).toEqual([22, 45, 90, 180, 360]);
    await fail(server, 'f', 'install');
    expect(await jobOf(server)).toMatchObject({ status: 'ERROR', attempt: 6 });
  });

  test('begins anew with a restart', async () => {
    const server = await serve(chain(1));
    await fail(server, 'a', 'download');
    const restarted = await server.restart();
    expect((await ask(restarted, 'b')).status).toBe(404);
    await restarted.elapse(22_500);
    expect((await ask(restarted, 'b')).status).toBe(200);
  });
});

describe('another host', () => {
  test('gets the job, and the one that failed it gets others', async () => {
    const server = await serve(chain(2));
    await fail(server, 'a', 'disk-full');
    expect(await jobOf(server)).toMatchObject({ avoided_workers: ['a'] });
    expect((await ask(server, 'b')).json()).toMatchObject({ job_id: 1 });
    expect((await ask(server, 'a')).json()).toMatchObject({ job_id: 2 });
  });

  test('is waited for while one has been seen that may still take it', async () => {
    const server = await serve(chain(2));
    await fail(server, 'a', 'disk-full');
    await ask(server, 'b');
    await server.elapse(9 * MINUTE + 59 * SECOND);
    expect((await ask(server, 'a')).json()).toMatchObject({ job_id: 2 });
    // Until its reservation ends it is offered the same again.
    await server.elapse(6 * SECOND);
    expect((await ask(server, 'a')).json()).toMatchObject({ job_id: 1 });
  });

  test('is not waited for when there is none, but for some minutes', async () => {
    const server = await serve(chain(1));
    await fail(server, 'a', 'disk-full');
    await server.elapse(4 * MINUTE + 59 * SECOND);
    expect((await ask(server, 'a')).status).toBe(404);
    await server.elapse(SECOND);
    expect((await ask(server, 'a')).json()).toMatchObject({ job_id: 1 });
  });

  test('that has failed the job too, or is set aside, is none to wait for', async () => {
    const server = await serve(chain(4), { care: { retries: { 'disk-full': 9, 'host-lost': 0 } } });
    for (let index = 0; index < 3; index += 1) await fail(server, 'c', 'host-lost');
    await fail(server, 'a', 'disk-full');
    await fail(server, 'b', 'disk-full');
    await server.elapse(5 * MINUTE);
    expect((await ask(server, 'c')).status).toBe(403);
    expect((await ask(server, 'a')).json()).toMatchObject({ job_id: 4 });
  });

  test('is preferred for a minute where it is merely better', async () => {
    const server = await serve(chain(1));
    await fail(server, 'a', 'download');
    await server.elapse(22_500 + MINUTE - 1);
    expect((await ask(server, 'a')).status).toBe(404);
    await server.elapse(1);
    expect((await ask(server, 'a')).json()).toMatchObject({ job_id: 1 });
  });

  test('is offered the job although a person with curl has asked', async () => {
    const server = await serve(chain(1));
    await fail(server, 'a', 'disk-full');
    await server.elapse(5 * MINUTE);
    await server.get('/job?nextjob');
    await server.elapse(6 * SECOND);
    expect((await ask(server, 'a')).json()).toMatchObject({ job_id: 1 });
  });
});

describe('a mismatch that is to be confirmed', () => {
  const CONFIRM = { care: { confirmMismatch: true } };
  const KNOWN = [entry(1000, 1100, { expected_integrity_hash: hashOf('e') })];
  const arrive = async (server: Running, worker: string, hash: string) => {
    const { jobId, etag } = await claim(server, worker);
    const body = { status: 'COMPLETE', actual_integrity_hash: hash };
    return server.post(`/job?jobid=${jobId}`, body, { 'If-Match': etag, 'X-Replay-Worker': worker });
  };

  test('is run on another host, and stands when that sees the same', async () => {
    const server = await serve(KNOWN, CONFIRM);
    const answer = await arrive(server, 'a', hashOf('f'));
    expect(await jobOf(server)).toMatchObject({
      status: 'WAITING_4_WORKER',
      verdict: null,
      error_cause: 'hash-mismatch',
      avoided_workers: ['a'],
      attempts: [{ outcome: 'COMPLETE', error_cause: 'hash-mismatch', actual_integrity_hash: hashOf('f') }],
    });
    expect(answer.etag).toBe((await server.get('/job?jobid=1')).etag);
    await arrive(server, 'b', hashOf('f'));
    expect(await jobOf(server)).toMatchObject({ status: 'HASH_MISMATCH', verdict: 'MISMATCH', attempt: 2 });
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({ hash_conflicts: [] });
  });

  test('and is not seen again is verified, but never in silence', async () => {
    const server = await serve(KNOWN, CONFIRM);
    await arrive(server, 'a', hashOf('f'));
    await arrive(server, 'b', hashOf('e'));
    expect(await jobOf(server)).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED' });
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({
      hash_conflicts: [
        {
          block: 1100,
          configid: 1,
          attempts: [
            { attempt: 1, worker_id: 'a', hash: hashOf('f'), late: false },
            { attempt: 2, worker_id: 'b', hash: hashOf('e'), late: false },
          ],
        },
      ],
    });
    expect(server.log.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  test('may become one only when the expected hash arrives', async () => {
    const server = await serve(chain(2), CONFIRM);
    await arrive(server, 'a', hashOf('f'));
    expect(await jobOf(server)).toMatchObject({ status: 'COMPLETE', verdict: 'PENDING' });
    await server.post('/config', { end_block_num: 1100, integrity_hash: hashOf('e') });
    expect(await jobOf(server)).toMatchObject({ status: 'WAITING_4_WORKER', error_cause: 'hash-mismatch' });
  });

  test('stands when no other run comes to an end', async () => {
    const server = await serve(KNOWN, { care: { confirmMismatch: true, retries: { 'nodeos-crash': 0 } } });
    await arrive(server, 'a', hashOf('f'));
    await fail(server, 'b', 'nodeos-crash');
    expect(await jobOf(server)).toMatchObject({
      status: 'HASH_MISMATCH',
      verdict: 'MISMATCH',
      actual_integrity_hash: hashOf('f'),
      worker_id: 'a',
      attempt: 2,
    });
  });

  test('was there before that was asked for', async () => {
    const server = await serve(KNOWN);
    await arrive(server, 'a', hashOf('f'));
    expect(await jobOf(server)).toMatchObject({ status: 'HASH_MISMATCH' });
    const restarted = await server.restart(CONFIRM);
    expect(await jobOf(restarted)).toMatchObject({ status: 'WAITING_4_WORKER', avoided_workers: ['a'] });
  });
});

describe('what is set for a run', () => {
  test('is kept with it, and in force after a restart', async () => {
    const server = await serve(chain(1), { care: { retries: { 'nodeos-crash': 0 }, confirmMismatch: true } });
    const run = JSON.parse(await readFile(join(server.dataDir, 'runs/0001/run.json'), 'utf8')) as object;
    expect(run).toMatchObject({
      settings: { retries: { 'nodeos-crash': 0, download: 5 }, confirmMismatch: true },
    });
    const restarted = await server.restart({ care: { retries: { download: 1 } } });
    await fail(restarted, 'a', 'nodeos-crash');
    expect(await jobOf(restarted)).toMatchObject({ status: 'ERROR' });
    const again = JSON.parse(await readFile(join(server.dataDir, 'runs/0001/run.json'), 'utf8')) as object;
    expect(again).toMatchObject({
      settings: { retries: { 'nodeos-crash': 0, download: 1 }, confirmMismatch: true },
    });
  });
});
