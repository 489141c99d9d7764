import { describe, expect, test } from 'vitest';
import type { HostRecord } from '../../../src/core/protocol/host-record.ts';
import type { SummaryRecord } from '../../../src/core/protocol/summary-record.ts';
import { bearer, guarded } from './access/scene.ts';
import { chain, claim, complete, hashOf, JSON_ONLY, serve, type Running } from './harness.ts';

const REPORT = {
  hostname: 'ip-10-0-0-7',
  instance_id: 'i-0123456789abcdef0',
  version: '0.1.0',
  os: 'linux',
  arch: 'x64',
  cpus: 8,
  load: 1.25,
  memory_total: 64e9,
  memory_free: 32e9,
  disk_total: 500e9,
  disk_free: 123_456_789,
  started_at: '2026-11-22T09:00:00',
  uptime_seconds: 6686,
  price_per_hour: 0.68,
};

const as = (worker: string) => ({ ...JSON_ONLY, 'X-Replay-Worker': worker });

const report = (server: Running, worker: string, body: unknown = REPORT) =>
  server.post('/host/report', body, as(worker));

async function hostsOf(server: Running, query = ''): Promise<HostRecord[]> {
  return (await server.get(`/hosts${query}`)).json() as HostRecord[];
}

async function summaryOf(server: Running): Promise<SummaryRecord> {
  return (await server.get('/summary', JSON_ONLY)).json() as SummaryRecord;
}

describe('what a host says of itself', () => {
  test('is told at /hosts, with what the orchestrator knows of it', async () => {
    const server = await serve(chain(3));
    const answer = await report(server, 'a');
    expect([answer.status, answer.json()]).toEqual([200, { status: 'noted' }]);
    const { jobId } = await claim(server, 'a');
    expect(await hostsOf(server)).toEqual([
      {
        worker_id: 'a',
        ...REPORT,
        first_seen: '2026-11-22T10:51:26',
        last_heard: '2026-11-22T10:51:26',
        seconds_since_heard: 0,
        is_seen: true,
        set_aside: false,
        job_id: jobId,
        replay_slice_id: 1,
        status: 'STARTED',
        stage: null,
        blocks_per_second: null,
        hours: 0,
        cost_usd: 0,
        attempts_complete: 0,
        attempts_failed: 0,
        attempts: [
          {
            job_id: 1,
            replay_slice_id: 1,
            attempt: 1,
            start_time: '2026-11-22T10:51:26',
            end_time: null,
            outcome: null,
            error_cause: null,
          },
        ],
      },
    ]);
  });

  test('may be nothing at all', async () => {
    const server = await serve(chain(1));
    expect((await report(server, 'a', {})).status).toBe(200);
    expect(await hostsOf(server)).toMatchObject([{ hostname: null, price_per_hour: null, cost_usd: null }]);
  });

  test('is that of one worker, which has to name itself', async () => {
    const server = await serve(chain(1));
    const nameless = await server.post('/host/report', REPORT, JSON_ONLY);
    expect([nameless.status, nameless.json()]).toMatchObject([400, { error: { code: 'WORKER_MISSING' } }]);
    expect(await hostsOf(server)).toEqual([]);
  });

  test.each<[unknown, number, string]>([
    ['{', 400, 'The body must be JSON'],
    [[], 400, 'The body must be a JSON object, and is []'],
    [{ price_per_hour: -1 }, 400, 'price_per_hour must be a number of 0 or more, and is -1'],
    [{ price_per_hour: 10_001 }, 400, 'price_per_hour must be at most 10000, and is 10001'],
    ['{"price_per_hour": 1e999}', 400, 'price_per_hour must be a number of 0 or more, and is null'],
    [{ price_per_hour: '1' }, 400, 'price_per_hour must be a number of 0 or more, and is "1"'],
    [{ memory_free: 1e300 }, 400, 'memory_free must be at most 9007199254740991, and is 1e+300'],
    [{ cpus: [] }, 400, 'cpus must be a number of 0 or more, and is []'],
    [{ hostname: {} }, 400, 'hostname must be a string, and is {}'],
    [
      { started_at: 'yesterday' },
      400,
      'started_at must be a time such as 2026-11-22T10:51:26, and is "yesterday"',
    ],
    [{ hostname: 'x'.repeat(20_000) }, 413, 'The body is larger than 16 KiB'],
  ])('%.60j is refused: %i', async (body, status, message) => {
    const server = await serve(chain(1));
    await report(server, 'a');
    const answer = await report(server, 'a', body);
    expect([answer.status, (answer.json() as { error: { message: string } }).error.message]).toEqual([
      status,
      message,
    ]);
    expect(await hostsOf(server)).toMatchObject([REPORT]);
  });

  test('is cut where it is long, and what is not known is left out', async () => {
    const server = await serve(chain(1));
    const body =
      '{"hostname": "' + 'x'.repeat(300) + '", "__proto__": {"os": "bad"}, "worker_id": "b", "usd": 1e9}';
    expect((await report(server, 'a', body)).status).toBe(200);
    expect(await hostsOf(server)).toMatchObject([
      { worker_id: 'a', hostname: 'x'.repeat(200), os: null, cost_usd: null },
    ]);
  });
});

describe('GET /hosts', () => {
  test('names one host alone when it is asked for', async () => {
    const server = await serve(chain(1));
    for (const worker of ['b', 'a&c', 'a']) await report(server, worker);
    expect((await hostsOf(server)).map((host) => host.worker_id)).toEqual(['a', 'a&c', 'b']);
    expect((await hostsOf(server, '?workerid=a%26c')).map((host) => host.worker_id)).toEqual(['a&c']);
    const missing = await server.get('/hosts?workerid=d', JSON_ONLY);
    expect([missing.status, missing.json()]).toMatchObject([404, { error: { code: 'HOST_NOT_FOUND' } }]);
  });

  test('tells how attempts of a host ended, the newest first', async () => {
    const server = await serve(chain(4));
    await complete(server, 'a', hashOf('a'));
    const { jobId, etag } = await claim(server, 'a');
    const failure = { status: 'ERROR', error_cause: 'bad-job', error_message: 'no' };
    await server.post(`/job?jobid=${jobId}`, failure, { ...as('a'), 'If-Match': etag });
    const [host] = await hostsOf(server);
    expect(host).toMatchObject({
      attempts_complete: 1,
      attempts_failed: 1,
      attempts: [
        { job_id: 2, outcome: 'ERROR', error_cause: 'bad-job' },
        { job_id: 1, outcome: 'COMPLETE', error_cause: null },
      ],
      job_id: null,
    });
  });

  test('says who is set aside', async () => {
    const server = await serve(chain(6));
    for (let index = 0; index < 3; index += 1) {
      const { jobId, etag } = await claim(server, 'a');
      const failure = { status: 'ERROR', error_cause: 'install', error_message: 'no libc' };
      await server.post(`/job?jobid=${jobId}`, failure, { ...as('a'), 'If-Match': etag });
    }
    expect(await hostsOf(server)).toMatchObject([{ worker_id: 'a', set_aside: true }]);
  });
});

describe('a host', () => {
  test('is heard from by whatever it asks, as long as it names itself', async () => {
    const server = await serve(chain(1));
    await server.get('/summary', as('a'));
    await server.get('/nothing', as('b'));
    await server.get('/summary');
    expect((await hostsOf(server)).map((host) => host.worker_id)).toEqual(['a', 'b']);
  });

  test('is none that may only look, or that has no token, whatever it calls itself', async () => {
    const { server, token } = await guarded();
    const [look, work] = [await token(['read']), await token(['work'])];
    await server.get('/summary', { ...as('looks'), ...bearer(look.token) });
    await server.get('/summary', as('nobody'));
    await server.post('/host/report', REPORT, { ...as('looks'), ...bearer(look.token) });
    await server.get('/summary', { ...as('works'), ...bearer(work.token) });
    const hosts = (await server.get('/hosts', bearer(look.token))).json() as HostRecord[];
    expect(hosts.map((host) => host.worker_id)).toEqual(['works']);
  });
});

describe('the summary', () => {
  test('counts hosts that are there, and those of them without a job', async () => {
    const server = await serve(chain(2));
    expect(await summaryOf(server)).toMatchObject({ hosts_seen: 0, hosts_idle: 0, cost: null });
    await claim(server, 'a');
    await report(server, 'b', {});
    expect(await summaryOf(server)).toMatchObject({
      host_count: 1,
      hosts_seen: 2,
      hosts_idle: 1,
      cost: null,
    });
    await server.elapse(119_000);
    await report(server, 'b', {});
    await server.elapse(2000);
    expect(await summaryOf(server)).toMatchObject({ hosts_seen: 1, hosts_idle: 1 });
  });

  test('says what the run has cost, also after a restart', async () => {
    const server = await serve(chain(2));
    await report(server, 'a', { price_per_hour: 6 });
    await report(server, 'b', { price_per_hour: 1.5 });
    await report(server, 'c', {});
    await server.elapse(60_000);
    for (const worker of ['a', 'b', 'c']) await server.get('/summary', as(worker));
    const cost = { usd: 0.125, usd_per_hour: 7.5, hosts_priced: 2, hosts_unpriced: 1 };
    expect(await summaryOf(server)).toMatchObject({ cost });
    const again = await server.restart();
    expect((await summaryOf(again)).cost).toEqual(cost);
    const [host] = await hostsOf(again, '?workerid=a');
    expect(host).toMatchObject({ price_per_hour: 6, cost_usd: 0.1, hours: 0.0167, hostname: null });
  });
});
