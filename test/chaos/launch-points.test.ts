/** `replay hosts up` is ended at every request that it makes: no host is started and forgotten, and none twice. */
import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fleetScene, type FleetScene } from '../e2e/support/ec2.ts';
import type { Finished, Running } from '../e2e/support/replay.ts';

/** Requests of one launch to EC2, in their order. */
const REQUESTS = [
  'DescribeInstances',
  'DescribeSubnets',
  'DescribeImages',
  'CreateLaunchTemplate',
  'CreateFleet',
  'DescribeInstances',
  'DeleteLaunchTemplate',
];

interface Point {
  action: string;
  /** Of that launch, from 0. */
  request: number;
  /** Before it is carried out, or between that and its answer. */
  when: 'before' | 'after';
}

const POINTS = REQUESTS.flatMap((action, request) =>
  (['before', 'after'] as const).map((when): Point => ({ action, request, when })),
);

/** Launches two hosts, and does something to it at that point. What an ended program has asked for may go unheard. */
async function stopAt(
  { start, ec2 }: FleetScene,
  { action, request, when }: Point,
  stop: (running: Running) => Promise<unknown>,
): Promise<Finished> {
  const before = ec2.asked.length + 1;
  let isThere = false;
  const running = start(['up', '2', '--yes']);
  ec2.watch(async (moment) => {
    if (moment.request !== before + request || moment.when !== when) return 'heard';
    isThere = moment.action === action;
    await stop(running);
    return running.ended ? 'unheard' : 'heard';
  });
  const finished = await running.finished;
  ec2.watch(() => Promise.resolve('heard'));
  expect({ action, when, isThere, stderr: finished.stderr }).toMatchObject({ isThere: true });
  return finished;
}

const upIn = ({ ec2 }: FleetScene): string[] => ec2.cloud.up.map(({ id }) => id).toSorted();
const told = (text: string): string[] => (text.match(/^i-\w+/gmu) ?? []).toSorted();

/** A fleet for each point, so that no launch is in doubt before. */
async function atEachPoint(check: (fleet: FleetScene, point: Point) => Promise<void>): Promise<void> {
  const fleet = await fleetScene();
  for (const point of POINTS) {
    const { action, when } = point;
    const stateDir = fleet.scene.path(`state-${point.request}-${when}`);
    const env = { REPLAY_STATE_DIR: stateDir };
    const start: FleetScene['start'] = (args, options = {}) =>
      fleet.start(args, { ...options, env: { ...env, ...options.env } });
    const own = { ...fleet, start, hosts: (args: readonly string[]) => start(args).finished };
    await check(own, point).catch((error: Error) => {
      throw new Error(`${when} ${action} (${point.request}): ${error.message}`, { cause: error });
    });
    const down = await own.hosts(['down', '--all', '--yes']);
    // That a launch is still in doubt is said: what it asked for may be carried out late.
    const inDoubt = await readdir(`${stateDir}/launches`).catch(() => []);
    const code = inDoubt.length === 0 ? 0 : 8;
    expect({ ...point, down: down.code, up: upIn(fleet) }).toEqual({ ...point, down: code, up: [] });
    // EC2 forgets what has ended. Pages of it would shift the points.
    fleet.ec2.cloud.instances.length = 0;
  }
}

async function kill(running: Running): Promise<void> {
  running.kill('SIGKILL');
  await running.finished;
}

test('killed: what was started is listed, and said to be of a launch that was interrupted', async () => {
  await atEachPoint(async (fleet, point) => {
    await stopAt(fleet, point, kill);
    const { code, stdout, stderr } = await fleet.hosts(['list', '--json']);
    const { hosts } = JSON.parse(stdout) as { hosts: { id: string }[] };
    expect({ code, ids: hosts.map(({ id }) => id).toSorted() }).toEqual({ code: 0, ids: upIn(fleet) });
    for (const id of upIn(fleet)) expect(stderr).toContain(id);
  });
}, 120_000);

test('killed: the same launch again takes over what it has started, and no template is left', async () => {
  await atEachPoint(async (fleet, point) => {
    await stopAt(fleet, point, kill);
    const again = await fleet.hosts(['up', '2', '--yes']);
    expect({ code: again.code, stderr: again.stderr }).toMatchObject({ code: 0 });
    expect(told(again.stdout)).toEqual(upIn(fleet));
    expect(upIn(fleet)).toHaveLength(2);
    expect(fleet.ec2.cloud.templates).toEqual([]);
    expect((await fleet.hosts(['list'])).stderr).toBe('');
  });
}, 120_000);

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s: what was started is told, and no template is left',
  async (signal) => {
    await atEachPoint(async (fleet, point) => {
      const { code, stdout } = await stopAt(fleet, point, async (running) => running.kill(signal));
      expect(code).toBe(130);
      expect(told(stdout)).toEqual(upIn(fleet));
      expect(fleet.ec2.cloud.templates).toEqual([]);
      expect((await fleet.hosts(['list'])).stderr).toBe('');
    });
  },
  120_000,
);
