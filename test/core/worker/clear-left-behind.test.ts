import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { ownIdentity } from '../../../src/core/files/process-identity.ts';
import { clearLeftBehind } from '../../../src/core/worker/clear-left-behind.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'replay-left-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
});

it('what is unfinished is removed, and what is finished stays', async () => {
  const identity = await ownIdentity();
  const files: Record<string, string> = {
    'attempts/job-1-attempt-1/data/state/shared_memory.bin': 'x',
    'nodeos/.staging-7-0123456789ab/nodeos.deb.partial': 'x',
    'held-job.json.0123456789ab.tmp': '{',
    'worker-id.0123456789ab.tmp': '',
    'lock.0123456789ab': JSON.stringify({ ...identity, startTicks: '1' }),
    'lock.takeover.0123456789ab': JSON.stringify({ ...identity, startTicks: '1' }),
    'lock.ba9876543210': JSON.stringify(identity),
    'lock.000000000000': '',
    'nodeos/spring-1.2.2/usr/bin/nodeos': 'x',
    'held-job.json': '{}',
    'worker-id': 'host-1',
    'logs/job-1-attempt-1/replay.log': 'x',
    lock: JSON.stringify(identity),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(dataDir, name, '..'), { recursive: true });
    await writeFile(join(dataDir, name), content);
  }
  await writeFile(join(dataDir, 'lock.111111111111'), '');
  await utimes(join(dataDir, 'lock.111111111111'), 1, 1);

  await expect(clearLeftBehind(dataDir)).resolves.toEqual([]);

  expect((await readdir(dataDir)).toSorted()).toEqual([
    'attempts',
    'held-job.json',
    'lock',
    'lock.000000000000',
    'lock.ba9876543210',
    'logs',
    'nodeos',
    'worker-id',
  ]);
  expect(await readdir(join(dataDir, 'attempts'))).toEqual([]);
  expect(await readdir(join(dataDir, 'nodeos'))).toEqual(['spring-1.2.2']);
});

it('an empty directory is as it should be', async () => {
  await expect(clearLeftBehind(dataDir)).resolves.toEqual([]);
});
