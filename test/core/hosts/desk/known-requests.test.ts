import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UserError } from '../../../../src/core/domain/user-error.ts';
import { KnownRequests } from '../../../../src/core/hosts/desk/known-requests.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'replay-requests-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

function counted() {
  const work = { times: 0 };
  return { work, run: async () => ({ times: (work.times += 1) }) };
}

test('what comes twice under one token is done once, also at the same time and after a restart', async () => {
  const path = await folder();
  const { work, run } = counted();
  const requests = new KnownRequests(path);
  const both = await Promise.all([requests.once('t', 'up 1', run), requests.once('t', 'up 1', run)]);
  const later = await requests.once('t', 'up 1', run);
  const restarted = await new KnownRequests(path).once('t', 'up 1', run);
  expect([...both, later, restarted]).toEqual(Array.from({ length: 4 }, () => ({ times: 1 })));
  expect(work.times).toBe(1);
});

test('a token is not for something else', async () => {
  const requests = new KnownRequests(await folder());
  const { run } = counted();
  const first = requests.once('t', 'up 1', run);
  await expect(requests.once('t', 'up 2', run)).rejects.toMatchObject({ code: 'FLEET_TOKEN_USED' });
  await first;
  await expect(requests.once('t', 'up 2', run)).rejects.toMatchObject({ code: 'FLEET_TOKEN_USED' });
});

test('a failure is told again, and nothing is tried again under its token', async () => {
  const path = await folder();
  const fail = async (): Promise<object> => {
    throw new UserError({ code: 'HOSTS_LIMIT', message: 'no room', hint: 'make some' });
  };
  await expect(new KnownRequests(path).once('t', 'up 1', fail)).rejects.toThrow('no room');
  const { work, run } = counted();
  const again = new KnownRequests(path).once('t', 'up 1', run);
  await expect(again).rejects.toMatchObject({ code: 'HOSTS_LIMIT', message: 'no room', hint: 'make some' });
  expect(work.times).toBe(0);
});

test('what a killed process had begun is in doubt, and not done again', async () => {
  const path = await folder();
  const begun = Promise.withResolvers<null>();
  const killed = new KnownRequests(path);
  void killed.once('t', 'up 1', () => {
    begun.resolve(null);
    return new Promise<object>(() => undefined);
  });
  await begun.promise;
  const { work, run } = counted();
  const again = new KnownRequests(path).once('t', 'up 1', run);
  await expect(again).rejects.toMatchObject({ code: 'FLEET_REQUEST_IN_DOUBT' });
  expect(work.times).toBe(0);
});

test('nothing is begun that cannot be written down', async () => {
  const { work, run } = counted();
  const requests = new KnownRequests(join(await folder(), 'missing'));
  await expect(requests.once('t', 'up 1', run)).rejects.toMatchObject({ code: 'STATE_DIR_UNUSABLE' });
  expect(work.times).toBe(0);
});
