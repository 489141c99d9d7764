import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startNodeos } from '../../../src/nodeos/process/process.ts';
import type { ProcessRequest } from '../../../src/nodeos/process/process.ts';
import { identify } from '../../../src/nodeos/process/process-record.ts';

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-process-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a shell script in the place of nodeos. */
async function start(script: string, more: Partial<ProcessRequest> = {}) {
  const directory = await scratch();
  const path = join(directory, 'nodeos');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  const lines: string[] = [];
  let seen: (() => void) | null = null;
  const firstLine = new Promise<void>((resolve) => (seen = resolve));
  const nodeos = await startNodeos({
    path,
    args: [],
    directory,
    logFile: join(directory, 'nodeos.log'),
    graceMs: 60_000,
    ...more,
    onLine: (line) => {
      lines.push(line);
      seen?.();
    },
  });
  onTestFinished(() => nodeos.stop());
  return { nodeos, directory, lines, firstLine, log: () => readFile(join(directory, 'nodeos.log'), 'utf8') };
}

describe('a process that ends by itself', () => {
  test('has handed over every line, and left all that it printed in its log', async () => {
    const { nodeos, lines, log } = await start(
      'i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done; printf end >&2',
    );
    expect(await nodeos.exit).toEqual({ code: 0, signal: null });
    expect(lines).toHaveLength(3001);
    expect(lines.at(-1)).toBe('end');
    expect(await log()).toBe(lines.join('\n'));
  });

  test.each([
    ['exit 254', { code: 254, signal: null }],
    ['kill -BUS $$', { code: null, signal: 'SIGBUS' }],
  ])('says how: %s', async (script, status) => {
    const { nodeos } = await start(script);
    expect(await nodeos.exit).toEqual(status);
  });

  test('takes nothing of our environment along that is not needed', async () => {
    process.env['REPLAY_TOKEN'] = 'secret';
    process.env['REPLAY_STAND_IN_VERSION'] = '5.0.3';
    onTestFinished(() => {
      delete process.env['REPLAY_TOKEN'];
      delete process.env['REPLAY_STAND_IN_VERSION'];
    });
    const { nodeos, lines } = await start('env');
    await nodeos.exit;
    expect(lines.join('\n')).not.toContain('secret');
    expect(lines).toEqual(
      expect.arrayContaining(['TZ=UTC', 'LC_ALL=C.UTF-8', 'REPLAY_STAND_IN_VERSION=5.0.3']),
    );
  });

  test('leads a process group of its own, out of reach of Ctrl-C', async () => {
    const { nodeos, lines } = await start('ps -o pgid= -p $$ || cut -d" " -f5 /proc/$$/stat');
    await nodeos.exit;
    expect(Number(lines[0])).toBe(nodeos.pid);
  });

  test('leaves nothing behind that it started, and no record', async () => {
    const { nodeos, lines, directory } = await start('sleep 600 & echo $!');
    await nodeos.exit;
    // Killed; how soon it is gone from the table of processes is up to the system.
    await expect.poll(() => identify(Number(lines[0]))).toBeNull();
    expect(existsSync(join(directory, 'nodeos.pid'))).toBe(false);
  });
});

describe('a process that is told to stop', () => {
  test('is asked first', async () => {
    const { nodeos, firstLine, lines } = await start(
      'trap "echo in order; exit 0" TERM; echo up; while :; do sleep 0.05; done',
    );
    await firstLine;
    await nodeos.stop();
    expect(await nodeos.exit).toEqual({ code: 0, signal: null });
    // The shell may say of its sleep, which was asked, too, that it was terminated.
    expect(lines).toContain('in order');
  });

  test('is ended when it does not listen', async () => {
    const { nodeos, firstLine } = await start('trap "" TERM; echo up; while :; do sleep 0.05; done', {
      graceMs: 100,
    });
    await firstLine;
    await nodeos.stop();
    expect(await nodeos.exit).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('may be told twice, and after its end', async () => {
    const { nodeos } = await start('exec sleep 600');
    await Promise.all([nodeos.stop(), nodeos.stop()]);
    await nodeos.stop();
    expect(await nodeos.exit).toEqual({ code: null, signal: 'SIGTERM' });
  });
});

describe('a process that cannot be started', () => {
  test.each(['/nowhere/nodeos', '/dev/null'])('is another thing than one that fails: %s', async (path) => {
    await expect(start('', { path })).rejects.toMatchObject({
      failureCause: 'install',
      message: expect.stringMatching(/^nodeos cannot be started: .*(ENOENT|EACCES)/),
    });
  });

  test('is known as such, also when the system finds out late', async () => {
    const { nodeos, directory } = await start('exit 0');
    await nodeos.exit;
    const path = join(directory, 'other');
    await writeFile(path, '#!/no/such/interpreter\n', { mode: 0o755 });
    const again = startNodeos({
      path,
      args: [],
      directory,
      logFile: join(directory, 'x.log'),
      graceMs: 1000,
      onLine: () => undefined,
    });
    await expect(again.then((started) => started.exit)).rejects.toMatchObject({
      failureCause: 'install',
      message: expect.stringContaining('nodeos cannot be started'),
    });
  });
});

describe('a log that cannot be written', () => {
  // A device that is always full; the log of a real disk-full fails in the same call.
  const full = '/dev/full';

  test.runIf(existsSync(full))('ends the process, and the attempt with the right cause', async () => {
    const { nodeos } = await start('echo up; exec sleep 600', { logFile: full });
    await expect(nodeos.exit).rejects.toMatchObject({
      failureCause: 'disk-full',
      message: `The disk is full: the log ${full} cannot be written`,
    });
  });

  test('for another reason says which', async () => {
    const directory = await scratch();
    const { nodeos } = await start('echo up; exec sleep 600', {
      logFile: join(directory, 'missing', 'x.log'),
    });
    await expect(nodeos.exit).rejects.toMatchObject({
      failureCause: 'disk-full',
      message: expect.stringContaining('ENOENT'),
    });
  });
});
