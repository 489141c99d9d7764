import { expect, test } from 'vitest';
import { UserError } from '../../../src/core/domain/user-error.ts';
import { downHosts } from '../../../src/core/hosts/down-hosts.ts';
import type { ProvidedHost } from '../../../src/core/hosts/provider.ts';
import { aHost, MemoryProvider } from './support/memory-provider.ts';

const NEVER = new AbortController().signal;

function down(provider: MemoryProvider, ids: readonly string[], all: boolean) {
  return downHosts(provider, { fleet: 'eos', ids, all, force: false }, NEVER);
}

/** Lists its hosts later than they are there: what the first looks show. */
class LateProvider extends MemoryProvider {
  looks: (readonly string[])[] = [];

  override async list(): Promise<ProvidedHost[]> {
    const shown = this.looks.shift();
    return shown === undefined ? super.list() : this.hosts.filter(({ id }) => shown.includes(id));
  }
}

test('what was named is stopped, and nothing else is looked at', async () => {
  const provider = new MemoryProvider([aHost({ id: 'a' }), aHost({ id: 'b' })]);
  expect(await down(provider, ['a'], false)).toEqual({
    stopped: ['a'],
    failed: [],
    kept: [],
    remaining: [],
    pending: 0,
  });
  expect(provider.calls).toEqual(['down a']);
});

test('of all, those that are listed late are stopped, too', async () => {
  const provider = new LateProvider(['a', 'b', 'c'].map((id) => aHost({ id })));
  provider.looks = [['a', 'b']];
  const outcome = await down(provider, ['a'], true);
  expect([outcome.stopped, outcome.remaining]).toEqual([['a', 'b', 'c'], []]);
  expect(provider.calls).toEqual(['down a', 'down b', 'down c', 'clean up']);
});

test('that the list still shows a host as running which was told to end does not count', async () => {
  const provider = new MemoryProvider([aHost({ id: 'a' })]);
  provider.down = async (_fleet, ids) => ({ stopped: [...ids], failed: [], kept: [] });
  expect(await down(provider, ['a'], true)).toMatchObject({ stopped: ['a'], remaining: [] });
});

test('what runs after all looks is told, and nothing that it may need is removed', async () => {
  const provider = new MemoryProvider([aHost({ id: 'a' })]);
  provider.down = async (_fleet, ids) => {
    provider.hosts.push(aHost({ id: `after-${ids[0]}` }));
    return { stopped: [...ids], failed: [], kept: [] };
  };
  expect(await down(provider, ['a'], true)).toMatchObject({ remaining: ['after-after-after-a'] });
  expect(provider.calls).toEqual([]);
});

test('a launch that nobody knows the end of is told', async () => {
  const provider = Object.assign(new MemoryProvider(), { unsettled: async () => 3 });
  expect(await down(provider, [], true)).toMatchObject({ pending: 3, remaining: [] });
  expect(provider.calls).toEqual([]);
});

test('what is kept is told once', async () => {
  const provider = new MemoryProvider([aHost({ id: 'a' })]);
  const remark = { id: 'a', reason: 'a result' };
  provider.down = async () => ({ stopped: ['a'], failed: [], kept: [remark] });
  provider.cleanUp = async () => [remark];
  expect((await down(provider, ['a'], true)).kept).toEqual([remark]);
});

test('what was stopped is told also when it cannot be looked at again', async () => {
  const provider = new MemoryProvider([aHost({ id: 'a' })]);
  const trouble = new UserError({ code: 'EC2_THROTTLED', message: 'One request too many.', hint: 'Wait.' });
  provider.list = () => Promise.reject(trouble);
  await expect(down(provider, ['a'], true)).rejects.toMatchObject({
    code: 'EC2_THROTTLED',
    message: 'Stopping: a. What is left could not be looked at, or removed: One request too many.',
    hint: 'Wait.',
  });
});

test('a host that somebody has switched off is left over, too', async () => {
  const provider = new MemoryProvider([aHost({ id: 'a' }), aHost({ id: 'off', state: 'stopped' })]);
  expect((await down(provider, ['a'], true)).stopped).toEqual(['a', 'off']);
});
