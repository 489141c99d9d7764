import { expect, test } from 'vitest';
import { downAll } from '../../../src/core/hosts/down-all.ts';
import { aHost, MemoryProvider } from './support/memory-provider.ts';

const NEVER = new AbortController().signal;

test('all that has not ended is ended, and what belonged to the fleet is removed', async () => {
  const provider = new MemoryProvider([aHost({ id: 'a' }), aHost({ id: 'b', state: 'ended' })]);
  expect(await downAll(provider, 'fleet', NEVER)).toEqual({ stopped: ['a'], failed: [] });
  expect(provider.calls).toEqual(['down a', 'clean up']);
});

test('without a host only what belonged to the fleet is removed', async () => {
  const provider = new MemoryProvider();
  await downAll(provider, 'fleet', NEVER);
  expect(provider.calls).toEqual(['clean up']);
});
