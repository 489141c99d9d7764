import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, test } from 'vitest';
import {
  dataDirChecks,
  judgeLeftovers,
  judgeLock,
  judgeSpace,
} from '../../../src/core/doctor/data-dir-checks.ts';
import { runChecks } from '../../../src/core/doctor/run-checks.ts';
import type { CheckResult } from '../../../src/core/doctor/run-checks.ts';
import { acquireLock } from '../../../src/core/files/lock.ts';

const GIB = 1024 ** 3;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-doctor-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

async function look(dataDir: string, id: string): Promise<CheckResult | undefined> {
  const results = await runChecks(dataDirChecks({ dataDir, role: 'work', minFreeDiskBytes: 0 }), 60_000);
  return results.find((result) => result.id === id);
}

it('finds a directory well that is there, and leaves nothing in it', async () => {
  const results = await runChecks(
    dataDirChecks({ dataDir: folder, role: 'work', minFreeDiskBytes: 0 }),
    60_000,
  );
  expect(results.map(({ id, result }) => [id, result])).toEqual([
    ['data-dir', 'ok'],
    ['disk-space', 'ok'],
    ['inodes', 'ok'],
    ['lock', 'ok'],
    ['leftover-nodeos', 'ok'],
  ]);
  expect(await readdir(folder)).toEqual([]);
});

it('tries a directory that is not there yet where it would be made, and does not make it', async () => {
  await writeFile(join(folder, 'write-check'), "somebody's own");
  expect(await look(join(folder, 'a', 'b'), 'data-dir')).toMatchObject({
    result: 'ok',
    finding: expect.stringContaining(`can be made in ${folder}`),
  });
  expect(await readdir(folder)).toEqual(['write-check']);
});

it('fails on a file in the place of the directory', async () => {
  await writeFile(join(folder, 'file'), '');
  expect(await look(join(folder, 'file'), 'data-dir')).toMatchObject({
    result: 'failed',
    finding: expect.stringContaining('is no directory'),
    mend: expect.stringContaining('--data-dir'),
  });
});

it('names who holds the directory, and takes nothing from a holder that died', async () => {
  const lock = await acquireLock(folder);
  expect(await look(folder, 'lock')).toMatchObject({ result: 'warning', values: { pid: process.pid } });
  await lock.release();
  const dead = JSON.stringify({ pid: 999_999_999, host: 'x', bootId: null, startTicks: null });
  await writeFile(
    join(folder, 'lock'),
    dead.replace('"x"', JSON.stringify((await import('node:os')).hostname())),
  );
  expect(await look(folder, 'lock')).toMatchObject({ result: 'ok' });
  expect(await readdir(folder)).toEqual(['lock']);
});

it('judges who holds it by the role', () => {
  const holder = { pid: 7, host: 'h', bootId: null, startTicks: null };
  expect(judgeLock(holder, '/d', 'work').finding).toContain('another worker cannot start');
  expect(judgeLock(holder, '/d', 'serve').finding).toContain('another orchestrator cannot start');
});

test.each([
  { free: 40 * GIB, role: 'work', result: 'ok' },
  { free: 40 * GIB - 1, role: 'work', result: 'failed' },
  { free: GIB, role: 'serve', result: 'ok' },
  { free: GIB - 1, role: 'serve', result: 'warning' },
  { free: 1024, role: 'serve', result: 'failed' },
] as const)('$free bytes free for $role: $result', ({ free, role, result }) => {
  const found = judgeSpace(free, '/data', role, 40 * GIB);
  expect(found).toMatchObject({ result, values: { free_bytes: free } });
});

it('takes the nodeos of a worker that is at work for its own, and any other for one that was left', () => {
  expect(judgeLeftovers([], false).result).toBe('ok');
  expect(judgeLeftovers([12], true).result).toBe('ok');
  expect(judgeLeftovers([12, 13], false)).toMatchObject({
    result: 'warning',
    mend: expect.stringContaining('kill 12 13'),
  });
});

it('does not take a folder of attempts without processes for a nodeos that was left', async () => {
  await mkdir(join(folder, 'attempts', 'job-1-attempt-1'), { recursive: true });
  expect(await look(folder, 'leftover-nodeos')).toMatchObject({ result: 'ok', values: { count: 0 } });
});
