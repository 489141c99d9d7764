/** The script that counts the age of a host, run with a clock and a boot that are played. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AGE_SCRIPT, ageService } from '../../../../src/core/hosts/boot/age.ts';

const LAUNCH = 1_763_800_000;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** A machine with a life of a day, launched at LAUNCH. Times are in seconds. */
async function machine({ lifetime = DAY, ends = true } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'replay-age-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = (...names: string[]): string => join(folder, ...names);
  await mkdir(path('proc/sys/kernel/random'), { recursive: true });
  await mkdir(path('bin'));
  const played = { date: 'cat "$PLAYED/now"', systemctl: 'echo "$*" >>"$PLAYED/asked"' };
  for (const [name, line] of Object.entries(played)) {
    await writeFile(path('bin', name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  }
  const record = path('kept/age');
  const env = {
    PATH: `${path('bin')}:${process.env['PATH']}`,
    PLAYED: folder,
    REPLAY_PROC: path('proc'),
  };
  /** Runs it at that time of the wall clock and of the boot: what is left for the worker, and whether it was ended. */
  const look = async (boot: string, up: number, now: number) => {
    await writeFile(path('proc/sys/kernel/random/boot_id'), `${boot}\n`);
    await writeFile(path('proc/uptime'), `${up}.37 99.00\n`);
    await writeFile(path('now'), `${now}\n`);
    await rm(path('asked'), { force: true });
    const words = ['-s', record, lifetime, LAUNCH, path('left'), ...(ends ? ['end.service'] : [])];
    const { status, stderr } = spawnSync('sh', words.map(String), {
      input: AGE_SCRIPT,
      env,
      encoding: 'utf8',
    });
    const asked = await readFile(path('asked'), 'utf8').catch(() => '');
    const left = /^REPLAY_MAX_LIFETIME=(\d+)s\n$/.exec(await readFile(path('left'), 'utf8'))?.[1];
    expect([status, stderr]).toEqual([0, '']);
    return { left: Number(left), ended: asked === '--no-block start end.service\n' };
  };
  return { look, record, path };
}

test('what the script says is kept in the journal', () => {
  const plan = { script: '/a', folder: '/b', lifetimeSeconds: 1, notBefore: 1, endsBy: null };
  // LogLevelMax takes out what is below it, and what a program prints is "info" unless it is said.
  expect(ageService(plan, 'replay-work')).toContain('SyslogLevel=notice\nLogLevelMax=notice\n');
});

describe('the age of a host', () => {
  test('counts from its first start, and the worker ends a minute before the machine', async () => {
    const { look } = await machine();
    expect(await look('a', 30, LAUNCH + 60)).toEqual({ left: DAY - 60, ended: false });
    expect(await look('a', 30 + HOUR, LAUNCH + 60 + HOUR)).toEqual({ left: DAY - HOUR - 60, ended: false });
    expect((await look('a', 29 + DAY, LAUNCH + 59 + DAY)).ended).toBe(false);
    expect(await look('a', 30 + DAY, LAUNCH + 60 + DAY)).toEqual({ left: 1, ended: true });
  });

  test('is counted by two at once, as when the timer and the start of the worker meet', async () => {
    const { look, record, path } = await machine();
    const other = `sh "$PLAYED/script" ${record} ${DAY} ${LAUNCH} ${path('left')}`;
    await writeFile(path('script'), AGE_SCRIPT);
    const once = `[ -e "$PLAYED/met" ] || { touch "$PLAYED/met"; ${other}; }`;
    await writeFile(path('bin/sync'), `#!/bin/sh\n${once}\n`, { mode: 0o755 });
    expect(await look('a', 30, LAUNCH + 60)).toEqual({ left: DAY - 60, ended: false });
    expect(await readdir(path('kept'))).toEqual(['age']);
  });

  test('goes on over a boot, and the time that it was off counts', async () => {
    const { look } = await machine();
    await look('a', 30, LAUNCH + 60);
    await look('a', 30 + 5 * HOUR, LAUNCH + 60 + 5 * HOUR);
    expect(await look('b', 20, LAUNCH + 60 + 10 * HOUR)).toEqual({ left: 14 * HOUR - 60, ended: false });
    expect((await look('b', 20 + 14 * HOUR, LAUNCH + 60 + DAY)).ended).toBe(true);
  });

  test('is not made less by a machine that crashes and starts all the time', async () => {
    const { look } = await machine({ lifetime: 10 * 120 });
    const ended = [];
    for (let boot = 0; boot <= 10; boot += 1) {
      ended.push((await look(`boot-${boot}`, 10, LAUNCH + 60 + boot * 120)).ended);
    }
    expect(ended.indexOf(true)).toBe(10);
  });

  test('is told by what has run where the clock stands still, is put back, or is older than the launch', async () => {
    const { look } = await machine();
    await look('a', 30, LAUNCH + 60);
    await look('a', 30 + 12 * HOUR, LAUNCH + 60);
    await look('b', 5, LAUNCH - 100 * DAY);
    expect((await look('b', 11 * HOUR, LAUNCH - 100 * DAY)).ended).toBe(false);
    expect((await look('b', 12 * HOUR, LAUNCH + 30)).ended).toBe(true);
  });

  test('is not ended by a clock that was wrong at the first start and is put right', async () => {
    const { look } = await machine();
    await look('a', 30, 1000);
    await look('a', 90, 1060);
    expect(await look('a', 150, LAUNCH + 200)).toEqual({ left: DAY - 120 - 60, ended: false });
    // It went ahead, too, and what it said then is not kept.
    const other = await machine();
    await other.look('a', 30, LAUNCH + 400 * DAY);
    expect(await other.look('a', 90, LAUNCH + 120)).toEqual({ left: DAY - 60 - 60, ended: false });
    expect((await other.look('a', 31 + DAY, LAUNCH + 61 + DAY)).ended).toBe(true);
  });

  test('begins anew with a record that is none', async () => {
    const { look, record } = await machine();
    await look('a', 30, LAUNCH + 60);
    for (const content of [
      '',
      'x y z',
      '1 2',
      '1 2 a $(reboot)',
      '9999999999999999999999 1 a 1',
      '-1 -1 a -1',
    ]) {
      await writeFile(record, `${content}\n`);
      expect(await look('a', 90, LAUNCH + 120)).toEqual({ left: DAY - 60, ended: false });
    }
  });

  test('of a machine that is somebody’s ends the worker alone, and gives it all of its time', async () => {
    const { look } = await machine({ ends: false });
    expect(await look('a', 400 * DAY, LAUNCH + 60)).toEqual({ left: DAY, ended: false });
    expect(await look('b', 30, LAUNCH + 60 + 2 * DAY)).toEqual({ left: 1, ended: false });
  });

  test('leaves a short life something of itself', async () => {
    const { look } = await machine({ lifetime: 60 });
    expect(await look('a', 30, LAUNCH + 60)).toEqual({ left: 54, ended: false });
  });
});
