import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { isRunning, ownIdentity } from '../../../src/core/files/process-identity.ts';

test('the process itself is running', async () => {
  expect(await isRunning(await ownIdentity())).toBe(true);
});

test('one that has ended, and whose parent has not asked for it, is not', async () => {
  // The sleep that takes the shell's place never asks for the shell's child, which lasts until then.
  const parent = spawn('sh', ['-c', 'read line <&3 & echo $!; exec sleep 60 3<&-'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [printed] = (await once(parent.stdout!, 'data')) as [Buffer];
  const pid = Number(printed.toString());
  const nameOfParent = () => readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim();
  await expect.poll(nameOfParent, { timeout: 10_000 }).toBe('sleep');
  (parent.stdio[3] as Writable).end();
  await expect.poll(() => statOf(pid).state, { timeout: 10_000 }).toBe('Z');

  expect(await isRunning({ ...(await ownIdentity()), pid, startTicks: statOf(pid).startTicks })).toBe(false);
});

function statOf(pid: number): { state: string; startTicks: string } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0]!, startTicks: fields[19]! };
}
