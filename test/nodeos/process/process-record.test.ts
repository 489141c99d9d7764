import { spawn } from 'node:child_process';
import type { SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { endLeftover, identify, writeRecord } from '../../../src/nodeos/process/process-record.ts';
import { endStrays, markOf } from '../../../src/nodeos/process/process-strays.ts';

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-record-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function leftover(options: SpawnOptions = {}) {
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore', ...options });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { pid: child.pid!, gone: once(child, 'exit') };
}

describe('what a killed worker left running', () => {
  test('is ended by the next one, by its record', async () => {
    const directory = await scratch();
    const { pid, gone } = leftover();
    await writeRecord(directory, pid);
    expect(await endLeftover(directory)).toBe(pid);
    expect(await gone).toEqual([null, 'SIGKILL']);
    expect(existsSync(join(directory, 'nodeos.pid'))).toBe(false);
  });

  test('is let alone when its pid belongs to another process by now', async () => {
    const directory = await scratch();
    const { pid } = leftover();
    await writeRecord(directory, pid);
    const record = JSON.parse(await readFile(join(directory, 'nodeos.pid'), 'utf8'));
    await writeFile(join(directory, 'nodeos.pid'), JSON.stringify({ ...record, startTicks: '1' }));
    expect(await endLeftover(directory)).toBeNull();
    expect(await identify(pid)).toMatchObject({ pid, startTicks: record.startTicks });
  });

  test.each(['', 'no json', '{"pid":1,"startTicks":"1","bootId":"x"}', '{"pid":-5}', 'null'])(
    'is nothing when the record is %j',
    async (text) => {
      const directory = await scratch();
      await writeFile(join(directory, 'nodeos.pid'), text);
      expect(await endLeftover(directory)).toBeNull();
    },
  );

  test('is nothing when there is no record', async () => {
    expect(await endLeftover(await scratch())).toBeNull();
  });
});

describe('what a killed worker left without a record', () => {
  test('is found by its mark and ended; nothing else in the folder is touched', async () => {
    const attempts = await scratch();
    const directory = join(attempts, 'job-1-attempt-1');
    await mkdir(directory);
    const marked = { env: { ...process.env, ...(await markOf(directory)) } };
    const ours = leftover({ ...marked, cwd: directory });
    const child = leftover({ ...marked, detached: false });
    const person = leftover({ cwd: directory });
    await mkdir(`${attempts}-other`);
    onTestFinished(() => rm(`${attempts}-other`, { recursive: true }));
    const other = leftover({ env: { ...process.env, ...(await markOf(`${attempts}-other`)) } });

    const ended = await endStrays(attempts);

    expect(new Set(ended)).toEqual(new Set([ours.pid, child.pid]));
    expect(await Promise.all([ours.gone, child.gone])).toEqual([
      [null, 'SIGKILL'],
      [null, 'SIGKILL'],
    ]);
    expect(await identify(person.pid)).not.toBeNull();
    expect(await identify(other.pid)).not.toBeNull();
    expect(await endStrays(attempts)).toEqual([]);
  });

  test('is nothing when there are no attempts', async () => {
    expect(await endStrays(join(await scratch(), 'attempts'))).toEqual([]);
  });
});
