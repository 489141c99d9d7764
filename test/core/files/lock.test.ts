import { spawn } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExitCode } from '../../../src/core/domain/exit-codes.ts';
import { acquireLock } from '../../../src/core/files/lock.ts';
import { ownIdentity } from '../../../src/core/files/process-identity.ts';
import { temporaryFolder } from '../store/support.ts';

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}

describe('the lock of a data directory', () => {
  test('keeps a second one out and names the holder', async () => {
    const folder = await temporaryFolder();
    const lock = await acquireLock(folder);
    await expect(acquireLock(folder)).rejects.toMatchObject({
      name: 'UserError',
      code: 'DATA_DIR_HELD',
      exitCode: ExitCode.cannotStart,
      message: `The data directory ${folder} is held by process ${process.pid} on host ${hostname()}.`,
    });
    await lock.release();
    await (await acquireLock(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  test('of many that start at once exactly one gets it', async () => {
    const folder = await temporaryFolder();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(folder)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('a dead process’s lock is taken over, by one of many', async () => {
    const folder = await temporaryFolder();
    const dead = { ...(await ownIdentity()), pid: await deadPid(), startTicks: '1' };
    await writeFile(join(folder, 'lock'), JSON.stringify(dead));
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => acquireLock(folder)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(await readdir(folder)).toEqual(['lock']);
  });

  test('is taken over even if the one before died while taking it over', async () => {
    const folder = await temporaryFolder();
    const dead = JSON.stringify({ ...(await ownIdentity()), startTicks: '1' });
    await writeFile(join(folder, 'lock'), dead);
    await writeFile(join(folder, 'lock.takeover'), dead);
    await acquireLock(folder);
    expect(await readdir(folder)).toEqual(['lock']);
  });

  test.each([
    ['a process that has got the number since', { startTicks: '1' }],
    ['a process of before the last boot', { bootId: 'another-boot' }],
  ])('of %s is taken over', async (_name, difference) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'lock'), JSON.stringify({ ...(await ownIdentity()), ...difference }));
    await acquireLock(folder);
    expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toMatchObject(await ownIdentity());
  });

  test.each(['', 'not json', '{}', '{"pid": 0, "host": "x"}'])(
    'that says %j is taken over',
    async (content) => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'lock'), content);
      await acquireLock(folder);
      expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toMatchObject(await ownIdentity());
    },
  );

  test('of another host is respected: its processes cannot be seen from here', async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, 'lock'),
      JSON.stringify({ pid: 1, host: 'elsewhere', bootId: 'x', startTicks: '1' }),
    );
    await expect(acquireLock(folder)).rejects.toMatchObject({
      code: 'DATA_DIR_HELD',
      message: expect.stringContaining('process 1 on host elsewhere') as string,
      hint: expect.stringContaining(join(folder, 'lock')) as string,
    });
  });

  test('that has become another’s is not released', async () => {
    const folder = await temporaryFolder();
    const lock = await acquireLock(folder);
    await writeFile(join(folder, 'lock'), 'another');
    await lock.release();
    expect(await readFile(join(folder, 'lock'), 'utf8')).toBe('another');
  });
});
