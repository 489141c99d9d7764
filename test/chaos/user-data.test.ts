/**
 * What a new machine runs at its start, run for real in a Debian whose systemd and disks are played, which takes
 * seconds; test/machines has both for real.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { userDataOf, type BootPlan } from '../../src/core/hosts/boot/user-data.ts';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { writeStandInWrapper } from '../../src/nodeos/stand-in/wrapper.ts';
import { freePort } from '../e2e/support/ports.ts';
import { REPLAY } from '../e2e/support/replay.ts';
import { Scene } from '../e2e/support/scene.ts';
import { startImds } from '../support/imds/index.ts';
import { DebianRoot } from './support/debian-root.ts';

const ADMIN = 'the-token-of-serve-0123456789';
const SHA256 = createHash('sha256')
  .update(await readFile(REPLAY))
  .digest('hex');

const PLAN: BootPlan = {
  orchestrator: '',
  sha256: SHA256,
  joinToken: null,
  idleSeconds: 60,
  lifetimeSeconds: 3600,
  notBefore: 1_763_000_000,
  workFlags: [],
  prices: [],
};

async function machine() {
  const scene = await Scene.create();
  const root = await DebianRoot.create(scene);
  const imds = await startImds();
  scene.onEnd(() => imds.close());
  const boot = (plan: Partial<BootPlan>) => {
    const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.url };
    return root.run(['bash', '-c', userDataOf({ ...PLAN, ...plan })], env);
  };
  /** As systemd would: the user, the environment and the command of the unit. */
  const runUnit = async () => {
    const unit = await root.read('/etc/systemd/system/replay-work.service');
    const values = (key: string): string[] =>
      [...unit.matchAll(new RegExp(`^${key}=-?(.*)$`, 'gm'))].map(([, text = '']) => text);
    const value = (key: string): string => values(key)[0] ?? '';
    await root.run(value('ExecStartPre').replace(/^\+/, '').split(' '));
    const files = await Promise.all(values('EnvironmentFile').map((file) => root.read(file)));
    const environment = files.flatMap((text) => text.split('\n')).filter((line) => line !== '');
    const user = ['setpriv', `--reuid=${value('User')}`, `--regid=${value('User')}`, '--clear-groups'];
    const clean = ['env', '-i', '-C', value('WorkingDirectory'), ...values('Environment'), ...environment];
    return root.run([...user, ...clean, ...value('ExecStart').split(' ')]);
  };
  return { scene, root, imds, boot, runUnit, asked: () => root.read('/systemctl.log') };
}

describe('a machine that runs its user data', () => {
  test('becomes a host that joins and finishes a job, also when it is started again', async () => {
    const { scene, root, imds, boot, runUnit, asked } = await machine();
    const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
    const chain = await writeSampleChain({ folder: `${root.inside}/chain`, slices: 2, ...shape });
    const nodeos = await writeStandInWrapper(`${root.inside}/bin`, {
      command: ['/usr/local/bin/replay', 'stand-in-nodeos'],
      version: '1.2.2',
    });
    await root.run(['chmod', '-R', 'a+rX', root.inside]);
    const { url } = await scene.serve(chain.manifestPath, ['--token', ADMIN]);
    const admin = { headers: { Authorization: `Bearer ${ADMIN}`, Accept: 'application/json' } };
    const made = await fetch(`${url}/tokens/join`, { method: 'POST', body: '{}', ...admin });
    const { token } = (await made.json()) as { token: string };
    imds.items.set('instance-type', 'c7a.4xlarge');
    imds.items.set('instance-life-cycle', 'spot');
    imds.items.set('placement/region', 'eu-west-1');
    imds.items.set('placement/availability-zone', 'eu-west-1b');
    const workFlags = ['--nodeos', nodeos, '--min-free-disk', '0', '--worker-id', 'alpha', '--once'];
    const plan: Partial<BootPlan> = {
      orchestrator: url,
      joinToken: token,
      workFlags,
      prices: [
        { type: null, purchase: null, pricePerHour: 9 },
        { type: 'c7a.4xlarge', purchase: 'on-demand', pricePerHour: 0.82 },
        { type: 'c7a.4xlarge', purchase: 'spot', pricePerHour: 0.34 },
        { type: 'c7a.4xlarge', purchase: 'spot', zone: 'eu-west-1a', pricePerHour: 0.29 },
        { type: 'c7a.4xlarge', purchase: 'spot', zone: 'eu-west-1b', pricePerHour: 0.31 },
      ],
    };

    const booted = await boot(plan);
    expect([booted.code, booted.output]).toEqual([0, expect.stringContaining('this machine is ready')]);
    expect(booted.output).not.toContain(token);
    expect((await asked()).trim().split('\n')).toEqual([
      'daemon-reload',
      'enable --now replay-lifetime.timer replay-age.timer',
      'daemon-reload',
      'enable --now replay-data.service',
      'daemon-reload',
      'enable replay-work.service',
      '--no-block start replay-work.service',
    ]);
    expect(await root.read('/etc/replay/work.env')).toBe('REPLAY_PRICE=0.31\nAWS_REGION=eu-west-1\n');
    const modes = [
      'stat',
      '-c',
      '%U %a',
      '/var/lib/replay',
      '/var/lib/replay/join.token',
      '/usr/local/bin/replay',
    ];
    expect((await root.run(modes)).output).toBe('replay 750\nreplay 600\nroot 755\n');
    expect((await root.run(['ls', '/run'])).output).not.toContain('replay-boot');

    expect(await runUnit()).toEqual({ code: 0, output: expect.stringContaining('STAND-IN') });
    const hosts = (await (await fetch(`${url}/hosts`, admin)).json()) as object[];
    expect(hosts).toMatchObject([{ worker_id: 'alpha', price_per_hour: 0.31 }]);
    expect((await root.run(['ls', '/var/lib/replay'])).output).toBe('work\n');

    // Once more, as after a start of the machine: the token is the host's own by now.
    expect(await boot(plan)).toMatchObject({ code: 0 });
    expect((await root.run(['ls', '/var/lib/replay'])).output).toBe('work\n');
    expect(await runUnit()).toMatchObject({ code: 0 });
    const jobs = (await (await fetch(`${url}/status`, admin)).json()) as { status: string }[];
    expect(jobs.map(({ status }) => status)).toEqual(['COMPLETE', 'COMPLETE']);

    // A host whose time is over when its worker is started again does nothing any more, and is ended.
    const record = '/var/lib/replay-age/age-1763000000';
    await root.run(['sed', '-i', 's/^[0-9]*/1763000001/', record]);
    expect(await runUnit()).toMatchObject({ code: 7 });
    expect(await asked()).toMatch(/--no-block start replay-lifetime.service\n$/);
  });

  test('takes no other program than the one that was announced, and is switched off', async () => {
    const { scene, boot, asked } = await machine();
    const shape = { blocksPerSlice: 100, stride: 100, version: '1.2.2', fromGenesis: false };
    const chain = await writeSampleChain({ folder: scene.path('chain'), slices: 1, ...shape });
    const { url } = await scene.serve(chain.manifestPath);
    const booted = await boot({ orchestrator: url, sha256: 'ab'.repeat(32), idleSeconds: 1 });
    expect(booted.code).toBe(1);
    expect(booted.output).toContain('is not the program with SHA-256 abab');
    expect(await asked()).toMatch(/poweroff\n$/);
    expect(await asked()).not.toContain('start replay-work');
  });

  test('is switched off where the orchestrator cannot be reached for as long as a host may be idle', async () => {
    const { boot, asked } = await machine();
    const booted = await boot({ orchestrator: `http://127.0.0.1:${await freePort()}`, idleSeconds: 1 });
    expect([booted.code, booted.output]).toEqual([1, expect.stringContaining('could not be fetched')]);
    expect(await asked()).toMatch(/poweroff\n$/);
  });
});
