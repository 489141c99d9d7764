import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DATA_VOLUME_SCRIPT } from '../../../../src/core/hosts/boot/data-volume.ts';
import { AGE_SCRIPT, ageService, AGE_TIMER, type AgePlan } from '../../../../src/core/hosts/boot/age.ts';
import { withoutComments } from '../../../../src/core/hosts/boot/shell-text.ts';
import { commandLine } from '../../../../src/core/hosts/boot/systemd-text.ts';
import { USER_DATA_LIMIT, userDataOf, type BootPlan } from '../../../../src/core/hosts/boot/user-data.ts';
import { instanceUserData } from '../../../../src/core/hosts/ec2/user-data.ts';
import { lifetimeService, lifetimeTimer, workUnit } from '../../../../src/core/hosts/boot/work-unit.ts';

const PLAN: BootPlan = {
  orchestrator: 'http://10.0.0.5:4000',
  sha256: 'ab'.repeat(32),
  joinToken: `rpl_${'x'.repeat(43)}`,
  idleSeconds: 900,
  lifetimeSeconds: 172_800,
  notBefore: 1_763_000_000,
  workFlags: [],
  prices: [],
};

const AGE: AgePlan = {
  script: '/bin/true',
  folder: '/var/lib/replay-age',
  lifetimeSeconds: 172_800,
  notBefore: 1_763_000_000,
  endsBy: 'replay-lifetime.service',
};

const HOSTILE = ["it's", '$(reboot)', '`reboot`', '"; reboot; "', '%n', '\\', '${HOME}', 'ä €'];

function shellcheck(script: string, shell = 'bash'): string {
  const { stdout, stderr, status } = spawnSync(
    'shellcheck',
    [
      // What does not expand in single quotes is not to.
      '--exclude=SC2016',
      `--shell=${shell}`,
      '-',
    ],
    {
      input: script,
      encoding: 'utf8',
    },
  );
  return status === 0 ? 'well' : stdout + stderr;
}

const unit = {
  name: 'replay-work',
  program: '/bin/true',
  args: ['--orchestrator', 'http://10.0.0.5:4000', ...HOSTILE],
  user: 'root',
  home: '/tmp',
  after: [],
  environmentFile: '/etc/replay/work.env',
  age: AGE,
  poweroff: true,
};

describe('user data', () => {
  test('switches a machine off whose disk is gone, also at a later start', () => {
    const [, unit] =
      /replay-data\.service\.new <<'END_OF_FILE'\n([^]*?)\nEND_OF_FILE/.exec(userDataOf(PLAN)) ?? [];
    expect(unit).toContain('FailureAction=poweroff\n');
    expect(unit).toContain('ExecStart=/usr/local/lib/replay/data-volume /var/lib/replay\n');
  });

  test('of an instance has in it what the fleet wants', () => {
    const { orchestrator, sha256, prices } = PLAN;
    const work = { idleSeconds: 120, lifetimeSeconds: 7200, flags: ['--peer=p2p.example.org:9876'] };
    const now = Date.UTC(2026, 10, 22, 12);
    const text = instanceUserData({ orchestrator, token: 'rpl_join', prices, sha256, work }, now);
    for (const part of [
      `sha256=${sha256}`,
      'join_token=rpl_join',
      '--idle-timeout=120s',
      'OnBootSec=7200',
      'REPLAY_MAX_LIFETIME=7200s',
      // A clock that is an hour behind that of who launches is none that is wrong.
      `/age-${now / 1000 - 3600} 7200 ${now / 1000 - 3600} `,
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain(' --peer=p2p.example.org:9876\n');
    expect(() => instanceUserData({ orchestrator, token: null, prices, sha256: null, work }, now)).toThrow(
      'which program',
    );
  });

  test.each<[string, Partial<BootPlan>]>([
    ['as usual', {}],
    ['without a token', { joinToken: null }],
    ['with prices', { prices: [{ type: 'c7a.4xlarge', purchase: 'spot', pricePerHour: 0.3 }] }],
    ['with hostile flags', { workFlags: HOSTILE, orchestrator: "http://x/$(reboot)'`reboot`" }],
  ])('%s is a script that shellcheck finds nothing in', (_, more) => {
    expect(shellcheck(userDataOf({ ...PLAN, ...more }))).toBe('well');
  });

  test.each([
    ['the disk', DATA_VOLUME_SCRIPT, 'bash'],
    ['its age', AGE_SCRIPT, 'sh'],
  ])('has a script for %s that shellcheck finds nothing in', (_, script, shell) => {
    expect(shellcheck(script, shell)).toBe('well');
    expect(shellcheck(withoutComments(script), shell)).toBe('well');
    expect(withoutComments(script)).not.toMatch(/^ *# /m);
  });

  test('leaves room in what EC2 takes, and is refused beyond that', () => {
    const types = Array.from({ length: 40 }, (_, index) => `c7a.${index}xlarge`);
    const prices = types.map((type) => ({ type, purchase: 'spot' as const, pricePerHour: 0.3 }));
    expect(Buffer.byteLength(userDataOf({ ...PLAN, prices }))).toBeLessThan(USER_DATA_LIMIT * 0.8);
    expect(() => userDataOf({ ...PLAN, workFlags: ['x'.repeat(USER_DATA_LIMIT)] })).toThrow(
      'more than EC2 takes',
    );
  });

  test('says the token once', () => {
    expect(userDataOf(PLAN).split(PLAN.joinToken!)).toHaveLength(2);
  });

  test('ends the machine at its age before anything can go wrong', () => {
    const text = userDataOf(PLAN);
    expect(text).toContain('OnBootSec=172800');
    const [timers, counted, disk] = [
      'enable --now replay-lifetime.timer replay-age.timer',
      '\n/usr/local/lib/replay/host-age ',
      'data-volume',
    ].map((part) => text.indexOf(part));
    expect(timers).toBeGreaterThan(0);
    expect(counted).toBeGreaterThan(timers!);
    expect(disk).toBeGreaterThan(counted!);
  });

  test('is the same for the same plan', () => {
    expect(userDataOf(PLAN)).toBe(userDataOf({ ...PLAN }));
  });
});

describe('the units', () => {
  test('are what systemd understands, and their words come out as they are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'replay-units-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const files = {
      'replay-work.service': workUnit(unit),
      'replay-lifetime.service': lifetimeService(['replay-work']),
      'replay-lifetime.timer': lifetimeTimer(3600),
      'replay-age.service': ageService(AGE, 'replay-work'),
      'replay-age.timer': AGE_TIMER,
    };
    const paths = Object.keys(files).map((name) => join(folder, name));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' });
    expect([verified.stderr, verified.status]).toEqual(['', 0]);
  });

  test.each(HOSTILE.map((word): [string] => [word]))('%j is one word, and nothing else', (word) => {
    expect(commandLine([word]).replaceAll('%%', '%').replaceAll('$$', '$')).toBe(
      /^[\w%$]+$/.test(word) ? word : `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
    );
  });

  test('no line can be smuggled into them', () => {
    expect(() => commandLine(['a\nExecStartPre=/bin/evil'])).toThrow('control character');
  });

  test('switch the machine off when the worker is over, and not when it fails or is stopped', () => {
    const [, script = ''] = /^ExecStopPost=\+\/bin\/sh -c '(.*)'$/m.exec(workUnit(unit)) ?? [];
    const does = (status: string): string =>
      execFileSync('sh', ['-c', `systemctl() { echo "$*"; }; ${script.replaceAll('$$', '$')}`], {
        env: { EXIT_STATUS: status },
        encoding: 'utf8',
      }).trim();
    const off = '--no-block poweroff';
    expect(['0', '2', '3', '7'].map(does)).toEqual([off, off, off, off]);
    expect(['1', '5', '6', '70', '130', 'KILL', '77'].map(does)).toEqual(['', '', '', '', '', '', '']);
    expect(workUnit({ ...unit, poweroff: false })).not.toContain('poweroff');
  });
});
