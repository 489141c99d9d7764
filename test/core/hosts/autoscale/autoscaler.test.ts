import { describe, expect, test } from 'vitest';
import { AutoscaleNews } from '../../../../src/core/hosts/autoscale/autoscale-news.ts';
import { Autoscaler } from '../../../../src/core/hosts/autoscale/autoscaler.ts';
import { inTurn } from '../../../../src/core/domain/in-turn.ts';
import { RecentLaunches } from '../../../../src/core/hosts/recent-launches.ts';
import { silentLogger } from '../../../../src/core/log/logger.ts';
import type { OrchestratorClient } from '../../../../src/core/protocol/client.ts';
import type { HostRecord } from '../../../../src/core/protocol/host-record.ts';
import { aRecord, MINUTE, NOW } from '../support/builders.ts';
import { aHost, MemoryProvider } from '../support/memory-provider.ts';
import { aBook, someSettings } from '../support/settings.ts';

function scene({ openJobs = 3, maxHosts = 5 } = {}) {
  let now = NOW;
  let onSleep = (): void => undefined;
  const told: string[] = [];
  const run = {
    openJobs,
    paused: null as object | null,
    usable: null as number | null,
    records: [] as HostRecord[],
    busy: [] as string[],
  };
  const client = {
    summary: async () => ({
      run_id: 1,
      statuses: { WAITING_4_WORKER: run.openJobs, STARTED: 0, LOADING_SNAPSHOT: 0, WORKING: 0 },
      cost: null,
      time_left: null,
      paused: run.paused,
    }),
    hosts: async () => run.records,
    dismissHosts: async (ids: readonly string[]) => ({
      dismissed: ids.filter((id) => !run.busy.includes(id)),
      at_work: run.busy.map((id) => ({ worker_id: id, job_id: 1 })),
    }),
    forecast: async () => (run.usable === null ? null : { hosts_usable: run.usable }),
  } as unknown as OrchestratorClient;
  const provider = new MemoryProvider();
  const news = new AutoscaleNews(() => now);
  const autoscaler = new Autoscaler({
    book: aBook(someSettings({ maxHosts })),
    provider,
    client,
    join: async () => ({}) as never,
    launches: new RecentLaunches(() => now),
    turn: inTurn(),
    launchTurn: (work) => work(),
    logger: { ...silentLogger, warn: (fields) => told.push((fields as { reason: string }).reason) },
    news,
    intervalMs: 1000,
    now: () => now,
    sleep: async () => onSleep(),
    token: () => 't',
  });
  const step = () => autoscaler.step(new AbortController().signal);
  /** So many looks, and then the end. */
  const runFor = (looks: number): Promise<void> => {
    const stop = new AbortController();
    let left = looks;
    onSleep = () => {
      left -= 1;
      if (left === 0) stop.abort();
    };
    return autoscaler.run(stop.signal);
  };
  return { provider, run, told, news, step, runFor, pass: (ms: number) => (now += ms) };
}

test('it launches once for a need, also while the place does not list the new hosts yet', async () => {
  const { provider, step } = scene();
  await step();
  expect(provider.calls).toEqual(['up 3']);
  provider.hosts = [];
  await step();
  expect(provider.calls).toEqual(['up 3']);
});

test('hosts that are never listed are launched again after a while', async () => {
  const { provider, step, pass } = scene();
  await step();
  provider.hosts = [];
  pass(6 * MINUTE);
  await step();
  expect(provider.calls).toEqual(['up 3', 'up 3']);
});

describe('a launch that gets less than it asked for', () => {
  test('is not repeated at once', async () => {
    const { provider, step, pass } = scene();
    provider.capacity = 1;
    await step();
    await step();
    expect(provider.calls).toEqual(['up 3']);
    pass(MINUTE);
    await step();
    expect(provider.calls).toEqual(['up 3', 'up 2']);
    pass(MINUTE);
    await step();
    expect(provider.calls).toEqual(['up 3', 'up 2']);
  });
});

test('no more hosts are launched than would still get a job', async () => {
  const { provider, run, step } = scene({ openJobs: 5 });
  run.usable = 2;
  await step();
  expect(provider.calls).toEqual(['up 2']);
});

test('nothing is done while the run is paused', async () => {
  const { provider, run, step } = scene();
  run.paused = {};
  await step();
  expect(provider.calls).toEqual([]);
});

test('what goes wrong is told once in a row, and tried again', async () => {
  const { provider, told, runFor } = scene();
  let looks = 0;
  provider.list = async () => {
    looks += 1;
    throw new Error('no');
  };
  await runFor(3);
  expect({ told, looks }).toMatchObject({ told: ['no'], looks: 3 });
});

describe('what it tells of itself', () => {
  const SHORT = { zone: 'eu-west-1a', type: null, code: 'InsufficientInstanceCapacity', reason: 'full' };

  test('is nothing before its first look', () => {
    expect(scene().news.record()).toEqual({
      looked_at: null,
      launched: 0,
      stopped: 0,
      paused: false,
      notes: [],
      shortfalls: [],
      next_launch_at: null,
      error: null,
    });
  });

  test('is what it did, and what keeps the fleet small', async () => {
    const { news, step } = scene({ openJobs: 9, maxHosts: 5 });
    await step();
    expect(news.record()).toMatchObject({ looked_at: '2026-11-22T10:00:00', launched: 5, stopped: 0 });
    await step();
    expect(news.record()).toMatchObject({ launched: 0, notes: [], shortfalls: [] });
  });

  test('is what could not be had, and until when it does not ask again', async () => {
    const { provider, news, step, pass } = scene();
    provider.capacity = 1;
    await step();
    const waiting = { launched: 1, shortfalls: [SHORT], next_launch_at: '2026-11-22T10:01:00' };
    expect(news.record()).toMatchObject(waiting);
    await step();
    expect(news.record()).toMatchObject({ ...waiting, launched: 0 });
    pass(MINUTE);
    expect(news.record()).toMatchObject({ shortfalls: [], next_launch_at: null });
  });

  test('is that the run is paused, and why a look came to nothing', async () => {
    const { provider, news, run, step, runFor } = scene();
    run.paused = {};
    await step();
    expect(news.record()).toMatchObject({ paused: true, error: null });
    provider.list = async () => {
      throw new Error('no rights');
    };
    await runFor(1);
    expect(news.record()).toMatchObject({ looked_at: '2026-11-22T10:00:00', error: 'no rights' });
  });
});

test('an idle host that has taken a job since it was looked at stays', async () => {
  const { provider, run, step } = scene({ openJobs: 0 });
  provider.hosts = ['a', 'b'].map((id) => aHost({ id, workerId: id }));
  run.records = ['a', 'b'].map((id) => aRecord({ worker_id: id }));
  run.busy = ['b'];
  await step();
  expect(provider.calls).toEqual(['down a']);
});

test('hosts of another orchestrator with the same name of a fleet are left alone, take up room, and are said', async () => {
  const { provider, told, step, pass } = scene({ openJobs: 3, maxHosts: 3 });
  const other = { orchestrator: '10.0.0.9:4000', launchedAt: NOW - 60 * MINUTE };
  provider.hosts = ['a', 'b'].map((id) => aHost({ id, ...other }));
  pass(60 * MINUTE);
  await step();
  expect(provider.calls).toEqual(['up 1']);
  expect(told.join()).toContain('2 of its hosts were launched for the orchestrator at 10.0.0.9:4000');
});
