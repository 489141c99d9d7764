import { expect, test } from 'vitest';
import type { UpRequest } from '../../../src/core/hosts/provider.ts';
import { upHosts } from '../../../src/core/hosts/up-hosts.ts';
import { MemoryProvider } from './support/memory-provider.ts';

const REQUEST: UpRequest = {
  fleet: 'eos',
  run: '1',
  count: 4,
  launchToken: 't',
  join: {
    orchestrator: 'http://10.0.0.5:4000',
    token: null,
    prices: [],
    sha256: null,
    work: { idleSeconds: 900, lifetimeSeconds: 86_400, flags: [] },
  },
};

function up(provider: MemoryProvider, atLeast: number) {
  const signal = new AbortController().signal;
  return upHosts(provider, REQUEST, { atLeast, progress: () => undefined, signal });
}

test('less than the least is stopped again', async () => {
  const provider = new MemoryProvider();
  provider.capacity = 2;
  const outcome = await up(provider, 3);
  expect(outcome).toMatchObject({ started: [], takenBack: ['h0', 'h1'], notTakenBack: [] });
  expect(outcome.shortfalls).toHaveLength(1);
  expect(provider.calls).toEqual(['up 4', 'down h0 h1']);
});

test('what cannot be stopped again counts as started', async () => {
  const provider = new MemoryProvider();
  provider.capacity = 2;
  provider.down = async () => ({ stopped: ['h0'], failed: [{ id: 'h1', reason: 'protected' }], kept: [] });
  const outcome = await up(provider, 3);
  expect(outcome.started.map(({ id }) => id)).toEqual(['h1']);
  expect(outcome.notTakenBack).toEqual([{ id: 'h1', reason: 'protected' }]);
});

test('without a least, whatever can be had stays', async () => {
  const provider = new MemoryProvider();
  provider.capacity = 2;
  expect((await up(provider, 0)).started).toHaveLength(2);
  expect(provider.calls).toEqual(['up 4']);
});
