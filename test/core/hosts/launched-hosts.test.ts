import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LaunchedHosts } from '../../../src/core/hosts/launched-hosts.ts';
import { aHost } from './support/memory-provider.ts';

async function scene() {
  const folder = await mkdtemp(join(tmpdir(), 'replay-launched-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const clock = { now: 1_000_000_000 };
  const open = () => new LaunchedHosts(folder, () => clock.now);
  const ids = async (notes: LaunchedHosts, listed: string[] = [], fleet = 'eos', place = 'eu-west-1') =>
    (
      await notes.complete(
        fleet,
        place,
        listed.map((id) => aHost({ id })),
      )
    ).map(({ id }) => id);
  return { folder, clock, open, ids };
}

const HOSTS = [aHost({ id: 'a' }), aHost({ id: 'b' })];

test('hosts that their place does not list yet are known to every process, for five minutes', async () => {
  const { folder, clock, open, ids } = await scene();
  await open().add('eos', 'eu-west-1', HOSTS);
  expect(await ids(open())).toEqual(['a', 'b']);
  expect(await ids(open(), ['b'])).toEqual(['b', 'a']);
  expect(await ids(open(), [], 'wax')).toEqual([]);
  expect(await ids(open(), [], 'eos', 'us-east-1')).toEqual([]);
  clock.now += 5 * 60_000 + 1;
  expect(await ids(open())).toEqual([]);
  expect(await readdir(join(folder, 'launched'))).toEqual([]);
});

test('those that were ended are not among them any more', async () => {
  const { folder, open, ids } = await scene();
  const notes = open();
  await notes.add('eos', 'eu-west-1', HOSTS);
  await notes.forget(['a', 'x']);
  expect([await ids(notes), await ids(open())]).toEqual([['b'], ['b']]);
  await open().forget(['b']);
  expect(await readdir(join(folder, 'launched'))).toEqual([]);
});

test('what cannot be read or written is left out', async () => {
  const { folder, open, ids } = await scene();
  await open().add('eos', 'eu-west-1', HOSTS);
  for (const [at, text] of ['', 'null', '{"at":1,"hosts":[null]}'].entries()) {
    await writeFile(join(folder, `launched/${at}.json`), text);
  }
  expect(await ids(open())).toEqual(['a', 'b']);
  const file = join(folder, 'file');
  await writeFile(file, '');
  const nowhere = new LaunchedHosts(file, () => 0);
  await nowhere.add('eos', 'eu-west-1', HOSTS);
  expect(await ids(nowhere, ['c'])).toEqual(['c']);
});
