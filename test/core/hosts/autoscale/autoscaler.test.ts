import { describe, expect, test } from 'vitest';
import { Autoscaler } from '../../../../src/core/hosts/autoscale/autoscaler.ts';
import { inTurn } from '../../../../src/core/hosts/in-turn.ts';
import { RecentLaunches } from '../../../../src/core/hosts/recent-launches.ts';
import { silentLogger } from '../../../../src/core/log/logger.ts';
import type { OrchestratorClient } from '../../../../src/core/protocol/client.ts';
import { MINUTE, NOW } from '../support/builders.ts';
import { MemoryProvider } from '../support/memory-provider.ts';
import { someSettings } from '../support/settings.ts';

function scene({ openJobs = 3, maxHosts = 5 } = {}) {
  let now = NOW;
  let onSleep = (): void => undefined;
  const told: string[] = [];
  const run = { openJobs, paused: null as object | null };
  const client = {
    summary: async () => ({
      run_id: 1,
      statuses: { WAITING_4_WORKER: run.openJobs, STARTED: 0, LOADING_SNAPSHOT: 0, WORKING: 0 },
      cost: null,
      time_left: null,
      paused: run.paused,
    }),
    hosts: async () => [],
  } as unknown as OrchestratorClient;
  const provider = new MemoryProvider();
  const autoscaler = new Autoscaler({
    settings: someSettings({ maxHosts }),
    provider,
    client,
    join: async () => ({}) as never,
    launches: new RecentLaunches(() => now),
    turn: inTurn(),
    logger: { ...silentLogger, warn: (fields) => told.push((fields as { reason: string }).reason) },
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
  return { provider, run, told, step, runFor, pass: (ms: number) => (now += ms) };
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
