/** Hosts that are about to be ended get no job that they would lose. */
import { expect, test } from 'vitest';
import { chain, claim, JSON_ONLY, serve, type Running } from './harness.ts';

const as = (worker: string) => ({ 'X-Replay-Worker': worker });

async function dismiss(server: Running, ...ids: string[]): Promise<unknown> {
  return (await server.post('/hosts/dismiss', { worker_ids: ids }, JSON_ONLY)).json();
}

test('who holds no job gets none any more, and others do', async () => {
  const server = await serve(chain(2));
  expect(await dismiss(server, 'a', 'a')).toEqual({ dismissed: ['a'], at_work: [] });
  const { status, text } = await server.get('/job?nextjob', as('a'));
  expect([status, text]).toEqual([404, 'Could not find job']);
  expect((await server.get('/job?nextjob', as('b'))).status).toBe(200);
  expect((await server.get('/job?nextjob')).status).toBe(200);
});

test('a job that was offered before cannot be claimed', async () => {
  const server = await serve(chain(1));
  const { etag } = await server.get('/job?nextjob', as('a'));
  await dismiss(server, 'a');
  const refused = await server.post('/job?jobid=1', { status: 'STARTED' }, { ...as('a'), 'If-Match': etag });
  expect([refused.status, refused.text]).toEqual([
    409,
    'This host is about to be ended: it gets no more jobs',
  ]);
});

test('who holds a job keeps it, and gets another one afterwards', async () => {
  const server = await serve(chain(2));
  const { etag } = await claim(server, 'a');
  expect(await dismiss(server, 'a')).toEqual({ dismissed: [], at_work: [{ worker_id: 'a', job_id: 1 }] });
  const headers = { ...as('a'), 'If-Match': etag };
  expect((await server.post('/job?jobid=1', { status: 'WAITING_4_WORKER' }, headers)).status).toBe(200);
  expect((await server.get('/job?nextjob', as('a'))).status).toBe(200);
});

test('a host that is not ended after all gets jobs again', async () => {
  const server = await serve(chain(1));
  await dismiss(server, 'a');
  await server.elapse(299_000);
  expect((await server.get('/job?nextjob', as('a'))).status).toBe(404);
  await server.elapse(1000);
  expect((await server.get('/job?nextjob', as('a'))).status).toBe(200);
});

test('it holds for the next run, too', async () => {
  const server = await serve(chain(1));
  await dismiss(server, 'a');
  const next = { manifest: JSON.stringify(chain(2)), current_run_id: 1 };
  expect((await server.post('/run', next, JSON_ONLY)).status).toBe(200);
  expect((await server.get('/job?nextjob', as('a'))).status).toBe(404);
});

test.each([[{}], [{ worker_ids: 'a' }], [{ worker_ids: [1] }]])('%j is refused', async (body) => {
  const server = await serve(chain(1));
  const { status, text } = await server.post('/hosts/dismiss', body);
  expect([status, text]).toEqual([400, expect.stringContaining('worker_ids must be a list of strings')]);
});
