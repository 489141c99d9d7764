import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { endLeftover, identify, writeRecord } from '../../src/nodeos/process-record.ts';

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-record-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function leftover() {
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
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
