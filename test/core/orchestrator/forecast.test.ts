import { expect, test } from 'vitest';
import type { ForecastRecord } from '../../../src/core/protocol/forecast-record.ts';
import { chain, claim, complete, hashOf, JSON_ONLY, serve, type Running } from './harness.ts';

const as = (worker: string) => ({ ...JSON_ONLY, 'X-Replay-Worker': worker });

async function forecast(server: Running, query: string): Promise<ForecastRecord> {
  return (await server.get(`/forecast?${query}`, JSON_ONLY)).json() as ForecastRecord;
}

/** Three slices are done that took ten minutes each; so many more are there. */
async function scene(more: number): Promise<Running> {
  const server = await serve(chain(3 + more));
  const one = async (): Promise<void> => {
    const { jobId } = await claim(server, 'a');
    server.clock.now = new Date(server.clock.now.getTime() + 600_000);
    await finish(server, jobId);
  };
  await one();
  await one();
  await one();
  return server;
}

async function finish(server: Running, jobId: number): Promise<void> {
  const path = `/job?jobid=${jobId}`;
  const job = await server.get(path, JSON_ONLY);
  const body = { ...(job.json() as object), status: 'COMPLETE', actual_integrity_hash: hashOf('a') };
  const answer = await server.post(path, body, { ...as('a'), 'If-Match': job.etag });
  expect(answer.status).toBe(200);
}

test('nothing can be told before some slices were replayed', async () => {
  const server = await serve(chain(3));
  await complete(server, 'a', hashOf('a'));
  const { status, text } = await server.get('/forecast?boot_seconds=180', JSON_ONLY);
  expect({ status, text }).toMatchObject({ status: 404, text: expect.stringContaining('FORECAST_UNKNOWN') });
});

test('hosts that would still get a job, and the end of the run with them and without', async () => {
  const server = await scene(6);
  await claim(server, 'b');
  // a has no job, and takes one at once; four are left then.
  expect(await forecast(server, 'boot_seconds=180')).toMatchObject({ hosts_usable: 4, hosts: 4 });
  expect(await forecast(server, 'boot_seconds=180&arriving=60,120')).toMatchObject({ hosts_usable: 2 });
  expect(await forecast(server, 'boot_seconds=86400')).toMatchObject({ hosts_usable: 0 });
  const { hosts, time_left, time_left_with_hosts } = await forecast(server, 'boot_seconds=180&hosts=2');
  expect(hosts).toBe(2);
  expect(time_left?.likely_seconds).toBeGreaterThan(1500);
  expect(time_left_with_hosts?.likely_seconds).toBeLessThan(1500);
});

test.each([
  '',
  'boot_seconds=',
  'boot_seconds=-1',
  'boot_seconds=1e3',
  'boot_seconds=700000',
  'boot_seconds=1&hosts=1001',
  'boot_seconds=1&hosts=x',
  'boot_seconds=1&arriving=1,,2',
  `boot_seconds=1&arriving=${'1,'.repeat(1000)}1`,
])('%.40s is refused', async (query) => {
  const server = await serve(chain(1));
  expect((await server.get(`/forecast?${query}`, JSON_ONLY)).status).toBe(400);
});
