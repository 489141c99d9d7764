/** Several terminals at one fleet, and the state directory in which they write down what they launch. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { fleetScene, type FleetScene } from './support/ec2.ts';
import { until } from './support/until.ts';

/** Holds the next launch at EC2. */
function hold({ ec2 }: FleetScene) {
  let release = (): void => undefined;
  ec2.trouble('CreateFleet', { kind: 'held', until: new Promise<void>((done) => (release = done)) });
  const asked = () => until('a launch', () => ec2.asked.some(({ action }) => action === 'CreateFleet'));
  return { asked, release: () => release() };
}

describe('a launch that is under way in another terminal', () => {
  test('is waited for by the next one, which launches what is missing then', async () => {
    const scene = await fleetScene({ settings: { max_hosts: 4 } });
    const { start, hosts, ec2 } = scene;
    const { asked, release } = hold(scene);
    const first = start(['up', '3', '--yes']);
    await asked();
    const second = start(['up', '3', '--yes']);
    await second.waitFor(/Hosts of eos are being launched.*: waiting until that is done/u);
    expect((await hosts(['list'])).stderr).toMatch(/A launch of 3 is under way in process \d+/u);
    release();
    expect(await first.finished).toMatchObject({ code: 0 });
    expect(await second.finished).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('max_hosts is 4, and 3 are there'),
    });
    expect(ec2.cloud.up).toHaveLength(4);
  });

  test('can be left alone by one that is told to stop', async () => {
    const scene = await fleetScene();
    const { asked, release } = hold(scene);
    const first = scene.start(['up', '1', '--yes']);
    await asked();
    const second = scene.start(['up', '1', '--yes']);
    await second.waitFor(/waiting until that is done/u);
    second.kill('SIGINT');
    expect((await second.finished).code).toBe(130);
    release();
    expect((await first.finished).code).toBe(0);
    expect(scene.ec2.cloud.up).toHaveLength(1);
  });

  test('is not taken for nothing by who stops all hosts', async () => {
    const scene = await fleetScene();
    const { asked, release } = hold(scene);
    const running = scene.start(['up', '2', '--yes']);
    await asked();
    expect(await scene.json(['down', '--all', '--yes'])).toMatchObject({ code: 8, stopped: [], pending: 2 });
    release();
    await running.finished;
    expect(await scene.json(['down', '--all', '--yes'])).toMatchObject({ code: 0, pending: 0 });
    expect(scene.ec2.cloud.up).toEqual([]);
  });
});

test('hosts that EC2 does not list yet are listed, and stopped with all others, by another process', async () => {
  const { json, hosts, ec2 } = await fleetScene({ ec2: { lag: 1000 } });
  const up = await hosts(['up', '2', '--yes'], { env: { AWS_MAX_ATTEMPTS: '1' } });
  expect(up.code).toBe(0);
  expect((await json(['list']))['hosts']).toMatchObject([{ state: 'starting' }, { state: 'starting' }]);
  ec2.trouble('TerminateInstances', {
    kind: 'error',
    code: 'InvalidInstanceID.NotFound',
    message: 'The instance IDs do not exist',
    status: 400,
    times: 3,
  });
  const down = await json(['down', '--all', '--yes']);
  expect(down).toMatchObject({ code: 0, failed: [], remaining: [] });
  expect(down['stopped']).toHaveLength(2);
  expect(ec2.cloud.up).toEqual([]);
  expect((await json(['list']))['hosts']).toEqual([]);
});

describe('the state directory', () => {
  test('that cannot be written keeps everything from being launched, before EC2 is asked', async () => {
    const { scene, hosts, ec2 } = await fleetScene();
    const file = await scene.write('file', '');
    const up = await hosts(['up', '1', '--yes', '--state-dir', `${file}/state`]);
    expect(up).toMatchObject({ code: 6, stderr: expect.stringContaining('(STATE_DIR_UNUSABLE)') });
    expect(ec2.asked.filter(({ action }) => !action.startsWith('Describe'))).toEqual([]);
    // To look and to stop it is not needed.
    expect((await hosts(['list', '--state-dir', `${file}/state`])).code).toBe(0);
    expect((await hosts(['down', '--all', '--yes', '--state-dir', `${file}/state`])).code).toBe(0);
  });

  test('with notes that are damaged is said to be that, and hinders nobody', async () => {
    const { scene, hosts } = await fleetScene();
    const notes = scene.path('state/launches');
    await mkdir(notes, { recursive: true });
    await writeFile(`${notes}/half.json`, '{"token": "x", ');
    await mkdir(scene.path('state/launched'));
    await writeFile(scene.path('state/launched/half.json'), '{"at": ');
    expect((await hosts(['list'])).stderr).toContain(
      `The note of a launch in ${notes}/half.json cannot be read`,
    );
    expect(await hosts(['up', '1', '--yes'])).toMatchObject({ code: 0 });
    expect(await hosts(['down', '--all', '--yes'])).toMatchObject({ code: 0 });
    expect(await readdir(notes)).toEqual(['half.json']);
  });
});
