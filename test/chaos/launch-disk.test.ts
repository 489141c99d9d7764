/** A state directory on a disk that is full, or cannot be written: nothing is launched that could not be written down. */
import { expect, test } from 'vitest';
import { fleetScene } from '../e2e/support/ec2.ts';
import { PrivateDisk } from './support/private-disk.ts';

test.each([
  ['is full', 'size=64k', 'head -c 100000 /dev/zero >ballast 2>/dev/null || true', 'ENOSPC'],
  ['cannot be written', 'size=64k', 'mount -o remount,ro .', 'EROFS'],
])('a state directory on a disk that %s', async (_, options, prepare, error) => {
  const { scene, hosts, ec2 } = await fleetScene();
  await hosts(['up', '1', '--yes', '--state-dir', scene.path('other')]);
  ec2.asked.length = 0;
  const there = { REPLAY_FLEET: scene.path('fleet.json') };
  const { under } = await PrivateDisk.create(scene, { folder: scene.path('state'), options, prepare });

  const up = await hosts(['up', '2', '--yes'], { under, env: there });
  expect([up.code, up.stderr]).toEqual([6, expect.stringContaining('(STATE_DIR_UNUSABLE)')]);
  expect(up.stderr).toContain(error);
  expect(ec2.asked.filter(({ action }) => !action.startsWith('Describe'))).toEqual([]);

  // What is there can be seen and stopped all the same.
  expect(await hosts(['list'], { under, env: there })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 host'),
  });
  expect((await hosts(['down', '--all', '--yes'], { under, env: there })).code).toBe(0);
  expect(ec2.cloud.up).toEqual([]);
});
