/** `replay hosts` with workers on this machine: the same commands as for EC2. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { processesNaming } from './support/processes.ts';
import { untilJob } from './support/run.ts';
import { Scene } from './support/scene.ts';
import { until } from './support/until.ts';

const ADMIN = 'the-token-of-serve-0123456789';
const AUTH = { Authorization: `Bearer ${ADMIN}`, Accept: 'application/json' };

async function fleet({
  blocksPerSecond,
  guarded = false,
  idle = '60s',
}: { blocksPerSecond?: number; guarded?: boolean; idle?: string } = {}) {
  const scene = await Scene.create();
  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const chain = await writeSampleChain({ folder: scene.path('chain'), slices: 2, ...shape });
  const serve = (port = 0) => scene.serve(chain.manifestPath, guarded ? ['--token', ADMIN] : [], { port });
  const orchestrator = await serve();
  const { url } = orchestrator;
  const nodeos = await scene.standIn({ version: '1.2.2', ...(blocksPerSecond ? { blocksPerSecond } : {}) });
  const flags = [`--nodeos=${nodeos}`, '--min-free-disk=0', '--progress-interval=1'];
  const settings = {
    name: 'here',
    provider: 'local',
    local: { workers: 2 },
    work: { flags, idle_timeout: idle },
  };
  await scene.write('fleet.json', JSON.stringify(settings));
  const env = {
    REPLAY_STATE_DIR: scene.path('state'),
    REPLAY_ORCHESTRATOR: url,
    ...(guarded ? { REPLAY_TOKEN: ADMIN } : {}),
  };
  const hosts = (args: readonly string[]) => scene.run(['hosts', ...args], { env });
  scene.onEnd(() => hosts(['down', '--all', '--yes']));
  const list = async () => {
    const { stdout } = await hosts(['list', '--json']);
    return (JSON.parse(stdout) as { hosts: { id: string; state: string; activity: string }[] }).hosts;
  };
  return { scene, url, orchestrator, serve, hosts, list };
}

describe('workers on this machine', () => {
  test('that have ended for want of work are followed by others that have all of their time', async () => {
    const { scene, url, hosts, list } = await fleet({ idle: '5s' });
    await scene.run(['runs', 'pause', '--orchestrator', url]);
    const ended = async () => (await list()).length === 0;
    expect((await hosts(['up', '1', '--yes'])).code).toBe(0);
    await until('the end of the first', ended);
    await scene.run(['runs', 'resume', '--orchestrator', url]);
    expect((await hosts(['up', '1', '--yes'])).code).toBe(0);
    await untilJob(url, 1, 'is done', ({ status }) => status === 'COMPLETE');
  });

  test('join, finish the run, and are stopped and removed', async () => {
    const { scene, url, hosts, list } = await fleet({ guarded: true });
    const up = await hosts(['up', '2', '--yes']);
    expect(up).toMatchObject({ code: 0, stderr: expect.stringContaining('Launched 2 of 2 hosts.') });
    await until('the end of the run', async () => {
      const jobs = (await (await fetch(`${url}/status`, { headers: AUTH })).json()) as { status: string }[];
      return jobs.every(({ status }) => status === 'COMPLETE');
    });
    expect((await list()).map(({ id, state }) => `${id} ${state}`)).toEqual([
      'local#1 running',
      'local#2 running',
    ]);
    for (const { command } of processesNaming(scene.path('state'))) expect(command).not.toContain('rpl_');

    expect(await hosts(['down', '--all', '--yes'])).toMatchObject({ code: 0, stdout: 'local#1\nlocal#2\n' });
    expect(processesNaming(scene.path('state'))).toEqual([]);
    expect(await readdir(scene.path('state/local/here'))).toEqual([]);
  });

  test('give their job back when they are stopped', async () => {
    const { url, hosts } = await fleet({ blocksPerSecond: 20 });
    await hosts(['up', '1', '--yes']);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    expect(await hosts(['down', 'local#1', '--yes'])).toMatchObject({ code: 0 });
    await untilJob(url, 1, 'was given back', (job) => job.error_cause === 'interrupted');
  });

  test('keep a finished result that the orchestrator did not take, for the next worker to deliver', async () => {
    const { scene, url, hosts, orchestrator, serve } = await fleet({ blocksPerSecond: 500 });
    await hosts(['up', '1', '--yes']);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    orchestrator.running.kill('SIGKILL');
    await orchestrator.running.finished;
    const note = scene.path('state/local/here/1/work/held-job.json');
    await until('the result', async () => (await readFile(note, 'utf8')).includes('COMPLETE'));
    for (const _ of ['once', 'and again']) {
      const down = await hosts(['down', '--all', '--yes']);
      expect([down.code, down.stderr]).toEqual([8, expect.stringContaining('a finished result')]);
    }
    expect(processesNaming(scene.path('state'))).toEqual([]);

    await serve(orchestrator.port);
    expect((await hosts(['up', '1', '--yes'])).code).toBe(0);
    await untilJob(url, 1, 'is done', ({ status }) => status === 'COMPLETE');
    expect((await hosts(['down', '--all', '--yes'])).code).toBe(0);
    expect(await readdir(scene.path('state/local/here'))).toEqual([]);
  });

  test('lose such a result only when that is said', async () => {
    const { scene, hosts } = await fleet();
    const folder = scene.path('state/local/here/1');
    const held = { jobId: 1, etag: 'x', attempt: 1, result: { status: 'COMPLETE' } };
    await scene.write(`${folder}/work/held-job.json`, `${JSON.stringify(held, null, 2)}\n`);
    expect((await hosts(['down', '--all', '--yes'])).code).toBe(8);
    expect(existsSync(folder)).toBe(true);
    expect((await hosts(['down', '--all', '--force', '--yes'])).code).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });

  test('are no more than the settings say, whoever asks', async () => {
    const { hosts, list } = await fleet({ blocksPerSecond: 20 });
    expect(await hosts(['up', '1', '--yes'])).toMatchObject({ code: 0 });
    const more = await hosts(['up', '2', '--yes']);
    expect(more).toMatchObject({ code: 8, stderr: expect.stringContaining('local.workers') });
    expect(await list()).toHaveLength(2);
  });

  test('that cannot start are told with what they said', async () => {
    const { hosts, list, scene } = await fleet();
    const settings = JSON.parse(await readFile(scene.path('fleet.json'), 'utf8')) as { work: object };
    settings.work = { flags: ['--nodeos=/nonexistent/nodeos'] };
    await writeFile(scene.path('fleet.json'), JSON.stringify(settings));
    const up = await hosts(['up', '2', '--yes']);
    expect(up).toMatchObject({ code: 1, stderr: expect.stringContaining('/nonexistent/nodeos') });
    expect((await list()).filter(({ state }) => state === 'running')).toEqual([]);
  });

  test('are not mistaken for another process with the same number', async () => {
    const { scene, hosts, list } = await fleet();
    const folder = scene.path('state/local/here/1');
    await mkdir(folder, { recursive: true });
    const other = {
      pid: process.pid,
      host: hostname(),
      bootId: 'another',
      startTicks: '1',
    };
    const note = {
      launchToken: 't',
      at: Date.now(),
      run: null,
      workerId: 'w',
      pricePerHour: null,
      process: other,
    };
    await writeFile(`${folder}/host.json`, JSON.stringify(note));
    expect((await list()).filter(({ state }) => state !== 'ended')).toEqual([]);
    expect(await hosts(['down', '--all', '--yes'])).toMatchObject({ code: 0 });
    expect(existsSync(folder)).toBe(false);
  });
});
