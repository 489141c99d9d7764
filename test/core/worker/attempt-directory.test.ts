import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { writeRecord } from '../../../src/nodeos/process/process-record.ts';
import {
  attemptDirectory,
  clearAttempts,
  createAttemptDirectory,
  keepLogs,
  KEPT_LOGS,
} from '../../../src/core/worker/attempt-directory.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'replay-attempts-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
});

it('the folder of an attempt is empty, whatever was there', async () => {
  const directory = attemptDirectory(dataDir, { jobId: 3, attempt: 2 });
  await mkdir(join(directory, 'data', 'state'), { recursive: true });
  await createAttemptDirectory(directory);
  expect(await readdir(directory)).toEqual([]);
});

it('a nodeos that a killed worker has left is ended before its folder is removed', async () => {
  const directory = attemptDirectory(dataDir, { jobId: 3, attempt: 1 });
  await createAttemptDirectory(directory);
  const left = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  const ended = once(left, 'exit');
  await writeRecord(directory, left.pid ?? 0);
  await expect(clearAttempts(dataDir)).resolves.toEqual([left.pid]);
  await expect(ended).resolves.toEqual([null, 'SIGKILL']);
  expect(await readdir(join(dataDir, 'attempts'))).toEqual([]);
});

it('of the logs the newest are kept', async () => {
  for (let jobId = 1; jobId <= KEPT_LOGS + 3; jobId += 1) {
    const name = { jobId, attempt: 1 };
    const directory = attemptDirectory(dataDir, name);
    await mkdir(join(directory, 'log'), { recursive: true });
    await writeFile(join(directory, 'log', 'nodeos.log'), 'x');
    await utimes(join(directory, 'log'), jobId, jobId);
    await keepLogs(dataDir, directory, name);
  }
  const kept = await readdir(join(dataDir, 'logs'));
  expect(kept).toHaveLength(KEPT_LOGS);
  expect(kept).not.toContain('job-3-attempt-1');
  expect(kept).toContain('job-4-attempt-1');
});
