import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ownIdentity, readStartTicks } from '../../../src/core/files/process-identity.ts';
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
  expect(await journal.open('eos', 'eu-west-1')).toEqual({ interrupted: [], underWay: [], damaged: [] });
});

test('one that another process waits for is under way', async () => {
  const path = await folder();
  const journal = new LaunchJournal(path);
  await journal.begin(LAUNCH);
  const other = spawn('sleep', ['60']);
  onTestFinished(() => void other.kill());
  const by = { ...(await ownIdentity()), pid: other.pid!, startTicks: await readStartTicks(other.pid!) };
  await writeFile(join(path, 'launches/t-1.json'), JSON.stringify({ ...LAUNCH, by }));
  expect(await journal.open('eos', 'eu-west-1')).toMatchObject({
    interrupted: [],
    underWay: [{ token: 't-1' }],
  });
});

test.each([
  '',
  '{',
  '{}',
  'null',
  '[]',
  '{"token":"t","fleet":"eos","place":"eu-west-1","count":"3","at":0}',
])('a note that reads %j is damaged, and that is told', async (text) => {
  const path = await folder();
  const file = join(path, 'launches/t-2.json');
  await mkdir(join(path, 'launches'));
  await writeFile(file, text);
  const journal = new LaunchJournal(path);
  expect(await journal.open('eos', 'eu-west-1')).toEqual({ interrupted: [], underWay: [], damaged: [file] });
  await expect(journal.abandon('t-2')).resolves.toBeUndefined();
});

test('one that was given up is, for its own fleet and place, until it is settled', async () => {
  const journal = new LaunchJournal(await folder());
  await journal.begin(LAUNCH);
  await journal.abandon('t-1');
  expect((await journal.open('eos', 'eu-west-1')).interrupted).toMatchObject([{ token: 't-1', count: 3 }]);
  expect((await journal.open('wax', 'eu-west-1')).interrupted).toEqual([]);
  expect((await journal.open('eos', 'us-east-1')).interrupted).toEqual([]);
  await journal.settle('t-1');
  expect((await journal.open('eos', 'eu-west-1')).interrupted).toEqual([]);
});

test('nothing may be launched when it cannot be written down', async () => {
  const path = join(await folder(), 'file');
  await writeFile(path, '');
  await expect(new LaunchJournal(path).begin(LAUNCH)).rejects.toMatchObject({
    code: 'STATE_DIR_UNUSABLE',
    exitCode: 6,
  });
});
