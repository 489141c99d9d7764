import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LaunchJournal } from '../../../src/core/hosts/launch-journal.ts';

const LAUNCH = { token: 't-1', fleet: 'eos', place: 'eu-west-1', count: 3, at: 0, request: {} };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'replay-journal-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('a launch that its process waits for is not interrupted', async () => {
  const journal = new LaunchJournal(await folder());
  await journal.begin(LAUNCH);
  expect(await journal.interrupted('eos', 'eu-west-1')).toEqual([]);
});

test('one that was given up is, for its own fleet and place, until it is settled', async () => {
  const journal = new LaunchJournal(await folder());
  await journal.begin(LAUNCH);
  await journal.abandon('t-1');
  expect(await journal.interrupted('eos', 'eu-west-1')).toMatchObject([{ token: 't-1', count: 3 }]);
  expect(await journal.interrupted('wax', 'eu-west-1')).toEqual([]);
  expect(await journal.interrupted('eos', 'us-east-1')).toEqual([]);
  await journal.settle('t-1');
  expect(await journal.interrupted('eos', 'eu-west-1')).toEqual([]);
});

test('nothing may be launched when it cannot be written down', async () => {
  const path = join(await folder(), 'file');
  await writeFile(path, '');
  await expect(new LaunchJournal(path).begin(LAUNCH)).rejects.toMatchObject({
    code: 'STATE_DIR_UNUSABLE',
    exitCode: 6,
  });
});
