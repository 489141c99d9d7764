import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { UserError } from '../../../src/core/domain/user-error.ts';
import { AutoscaleNews } from '../../../src/core/hosts/autoscale/autoscale-news.ts';
import { FleetDesk, type DeskPlace } from '../../../src/core/hosts/desk/fleet-desk.ts';
import { inTurn } from '../../../src/core/domain/in-turn.ts';
import { RecentLaunches } from '../../../src/core/hosts/recent-launches.ts';
import { silentLogger } from '../../../src/core/log/logger.ts';
import { orchestratorClient } from '../../../src/core/protocol/client.ts';
import { aHost, MemoryProvider } from '../hosts/support/memory-provider.ts';
import { aBook, someSettings } from '../hosts/support/settings.ts';
import { chain, claim, JSON_ONLY, serve } from './harness.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 51, 26);

const NEVER = new Promise<never>(() => undefined);

async function scene(
  provider = new MemoryProvider(),
  fields = {},
  autoscale: AutoscaleNews | null = null,
  sleep: () => Promise<unknown> = () => NEVER,
) {
  const folder = await mkdtemp(join(tmpdir(), 'replay-desk-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const settings = someSettings({ prices: [{ type: null, purchase: null, pricePerHour: 0.5 }], ...fields });
  const place = Promise.withResolvers<DeskPlace>();
  const fleet = new FleetDesk({
    book: aBook(settings),
    autoscale,
    place: place.promise,
    folder,
    launches: new RecentLaunches(() => NOW),
    turn: inTurn(),
    logger: silentLogger,
    now: () => NOW,
    sleep,
  });
  const server = await serve(chain(3), { fleet });
  const client = orchestratorClient({ baseUrl: server.url });
  const signal = new AbortController().signal;
  place.resolve({ launchTurn: (work) => work(), provider, client, signal, join: async () => ({}) as never });
  const post = async (path: string, body: object) => {
    const answer = await server.post(path, body, JSON_ONLY);
    return { status: answer.status, body: answer.json() as Record<string, unknown> };
  };
  return { server, provider, post };
}

test('without a fleet there is none', async () => {
  const server = await serve(chain(1));
  const answers = [
    await server.get('/fleet', JSON_ONLY),
    await server.post('/fleet/up', { count: 1, token: 'token-01' }, JSON_ONLY),
    await server.post('/fleet/down', { all: true, token: 'token-01' }, JSON_ONLY),
  ];
  expect(answers.map(({ status, text }) => [status, text.includes('FLEET_UNKNOWN')])).toEqual([
    [404, true],
    [404, true],
    [404, true],
  ]);
});

test('the hosts of the fleet are told with their part in the run', async () => {
  const provider = new MemoryProvider([
    aHost({ id: 'i-1', launchedAt: NOW - 3_600_000 }),
    aHost({ id: 'i-2', state: 'running', launchedAt: NOW - 60_000, pricePerHour: null }),
    aHost({ id: 'i-3', state: 'ended', launchedAt: NOW - 7_200_000, endedAt: NOW - 3_600_001 }),
    aHost({ id: 'i-4', state: 'ended', endedAt: NOW - 60_000, launchedAt: NOW - 120_000, reason: 'spot' }),
    aHost({ id: 'i-5', state: 'ended', endedAt: NOW - 30_000, launchedAt: NOW - 120_000 }),
    aHost({ id: 'i-6', state: 'ended', launchedAt: null }),
  ]);
  const { server } = await scene(provider);
  await server.post('/host/report', { instance_id: 'i-1' }, { 'X-Replay-Worker': 'a' });
  const { jobId } = await claim(server, 'a');
  expect((await server.get('/fleet')).json()).toMatchObject({
    fleet: 'eos',
    provider: 'ec2',
    autoscale: null,
    max_hosts: 5,
    price_per_hour: 0.5,
    looked_at: '2026-11-22T10:51:26',
    error: null,
    usd_per_hour: 1,
    hosts_unpriced: 1,
    hosts: [
      { id: 'i-1', activity: 'at-work', worker_id: 'a', job_id: jobId, age_seconds: 3600, cost_usd: 1 },
      { id: 'i-2', activity: 'booting', worker_id: null, cost_usd: null },
    ],
    ended: [
      { id: 'i-5', activity: 'ended' },
      { id: 'i-4', activity: 'ended', reason: 'spot' },
    ],
  });
});

test('what is spent is told with that of hosts that have ended, and what looks after the fleet speaks for itself', async () => {
  const news = new AutoscaleNews(() => NOW);
  news.looked({ at: NOW, launched: 2, stopped: 0, isPaused: false, notes: ['max_hosts is 5'] });
  const ended = aHost({ state: 'ended', launchedAt: NOW - 7_200_000, endedAt: NOW - 3_600_000 });
  const { server } = await scene(new MemoryProvider([ended]), {}, news);
  expect((await server.get('/fleet')).json()).toMatchObject({
    spent_usd: 1,
    autoscale: { looked_at: '2026-11-22T10:51:26', launched: 2, notes: ['max_hosts is 5'] },
  });
});

describe('launching', () => {
  test('says what was started and what could not be had', async () => {
    const { provider, post } = await scene();
    provider.capacity = 1;
    const { status, body } = await post('/fleet/up', { count: 2, token: 'token-01' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      dry_run: false,
      count: 2,
      started: [{ id: 'h0', state: 'starting' }],
      shortfalls: [{ zone: 'eu-west-1a', code: 'InsufficientInstanceCapacity' }],
    });
  });

  test('that takes longer than a caller is kept waiting goes on, and is told to who asks again', async () => {
    const provider = new MemoryProvider();
    const held = Promise.withResolvers<void>();
    const up = provider.up.bind(provider);
    provider.up = async (request) => {
      await held.promise;
      return up(request);
    };
    let patience: Promise<unknown> = Promise.resolve();
    const { post } = await scene(provider, {}, null, () => patience);
    const ask = () => post('/fleet/up', { count: 2, token: 'token-01' });
    for (const _ of ['first', 'again'])
      expect(await ask()).toEqual({ status: 202, body: { under_way: true } });
    expect(provider.calls).toEqual([]);
    patience = NEVER;
    held.resolve();
    expect(await ask()).toMatchObject({ status: 200, body: { started: [{ id: 'h0' }, { id: 'h1' }] } });
    expect(provider.calls).toEqual(['up 2']);
  });

  test('that fails after that is told as a failure, and not done again', async () => {
    const provider = new MemoryProvider();
    const held = Promise.withResolvers<never>();
    let asked = 0;
    provider.up = async () => {
      asked += 1;
      return held.promise;
    };
    let patience: Promise<unknown> = Promise.resolve();
    const { post } = await scene(provider, {}, null, () => patience);
    const ask = () => post('/fleet/up', { count: 2, token: 'token-01' });
    expect((await ask()).status).toBe(202);
    patience = NEVER;
    // Nobody may be waiting for it yet.
    held.promise.catch(() => undefined);
    held.reject(new UserError({ code: 'EC2_REFUSED', message: 'EC2 refused' }));
    expect(await ask()).toMatchObject({ status: 502, body: { error: { code: 'EC2_REFUSED' } } });
    expect(asked).toBe(1);
  });

  test('is done once for one token', async () => {
    const { provider, post } = await scene();
    const first = await post('/fleet/up', { count: 2, token: 'token-01' });
    expect(await post('/fleet/up', { count: 2, token: 'token-01' })).toEqual(first);
    expect(provider.calls).toEqual(['up 2']);
    const other = await post('/fleet/up', { count: 3, token: 'token-01' });
    expect([other.status, other.body]).toMatchObject([409, { error: { code: 'FLEET_TOKEN_USED' } }]);
  });

  test('obeys max_hosts and the budget, also for hosts that the place does not list yet', async () => {
    const { provider, post } = await scene();
    const few = await post('/fleet/up', { count: 7, token: 'token-01' });
    expect(few.body).toMatchObject({ count: 5, notes: ['max_hosts is 5, and 0 are there'] });
    provider.hosts = [];
    const none = await post('/fleet/up', { count: 1, token: 'token-02' });
    expect([none.status, none.body]).toMatchObject([
      409,
      { error: { code: 'HOSTS_LIMIT', hint: expect.stringContaining('`serve --fleet`') } },
    ]);
    const poor = await scene(new MemoryProvider(), { budget: 1 });
    expect((await poor.post('/fleet/up', { count: 4, token: 'token-01' })).body).toMatchObject({ count: 2 });
    expect([...provider.calls, ...poor.provider.calls]).toEqual(['up 5', 'up 2']);
  });

  test('is only told with dry_run', async () => {
    const { provider, post } = await scene();
    const { status, body } = await post('/fleet/up', { count: 2, dry_run: true });
    expect([status, body]).toMatchObject([
      200,
      { dry_run: true, count: 2, price_per_hour: 0.5, started: [] },
    ]);
    expect(provider.calls).toEqual([]);
  });

  test('for as many as open jobs can use', async () => {
    const { provider, post } = await scene();
    expect((await post('/fleet/up', { count: 'auto', token: 'token-01' })).body).toMatchObject({ count: 3 });
    expect(provider.calls).toEqual(['up 3']);
  });
});

describe('stopping', () => {
  const two = () => new MemoryProvider([aHost({ id: 'i-1' }), aHost({ id: 'i-2' })]);

  test('says which jobs are lost', async () => {
    const { server, provider, post } = await scene(two());
    await server.post('/host/report', { instance_id: 'i-1' }, { 'X-Replay-Worker': 'a' });
    const { jobId } = await claim(server, 'a');
    const wish = { ids: ['i-1'] };
    const dry = await post('/fleet/down', { ...wish, dry_run: true });
    const nothing = { stopped: [], failed: [], kept: [], remaining: [], pending: 0 };
    expect(dry.body).toEqual({ dry_run: true, ids: ['i-1'], job_ids: [jobId], ...nothing });
    expect(provider.calls).toEqual([]);
    const done = await post('/fleet/down', { ...wish, token: 'token-01' });
    expect(done.body).toMatchObject({ dry_run: false, stopped: ['i-1'], job_ids: [jobId] });
    expect(provider.calls).toEqual(['down i-1']);
  });

  test('of all cleans up after the last', async () => {
    const { provider, post } = await scene(two());
    expect((await post('/fleet/down', { all: true, token: 'token-01' })).body).toMatchObject({
      stopped: ['i-1', 'i-2'],
    });
    expect(provider.calls).toEqual(['down i-1 i-2', 'clean up']);
  });

  test('of idle hosts leaves those alone that open jobs wait for', async () => {
    const { server, provider, post } = await scene(two());
    await server.post('/host/report', { instance_id: 'i-1' }, { 'X-Replay-Worker': 'a' });
    const { body } = await post('/fleet/down', { idle: true, token: 'token-01' });
    // The one that runs and was never heard from goes.
    expect(body).toMatchObject({ ids: ['i-2'] });
    expect(provider.calls).toEqual(['down i-2']);
  });
});

test.each([
  ['/fleet/up', {}, 'count'],
  ['/fleet/up', { count: 0, token: 'token-01' }, 'count'],
  ['/fleet/up', { count: 1001, token: 'token-01' }, 'count'],
  ['/fleet/up', { count: '5', token: 'token-01' }, 'count'],
  ['/fleet/up', { count: 1 }, 'token'],
  ['/fleet/up', { count: 1, token: '../../x' }, 'token'],
  ['/fleet/up', { count: 1, dry_run: 'yes' }, 'dry_run'],
  ['/fleet/down', { token: 'token-01' }, 'ids'],
  ['/fleet/down', { ids: [], token: 'token-01' }, 'ids'],
  ['/fleet/down', { ids: [1], token: 'token-01' }, 'ids'],
  ['/fleet/down', { all: true, idle: true, token: 'token-01' }, 'ids'],
])('%s refuses %j', async (path, body, field) => {
  const { provider, post } = await scene();
  const refused = await post(path, body);
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.stringContaining(field)]);
  expect(provider.calls).toEqual([]);
});
