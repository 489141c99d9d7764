/** Answers of EC2 that are not what they should be, and hosts that are to be taken back. */
import { describe, expect, test } from 'vitest';
import { fleetScene } from './support/ec2.ts';

const ONCE = { env: { AWS_MAX_ATTEMPTS: '1' } };
const PAGE = '<html><body>Sign in to the network</body></html>';
const FEW = { 'eu-west-1a': 1, 'eu-west-1b': 1, 'eu-west-1c': 0 };

describe('the answer to a launch', () => {
  test.each([
    ['cut off', (body: string) => body.slice(0, body.length / 2)],
    ['empty', () => ''],
    ['the page of a proxy', () => PAGE],
    [
      'without hosts and without reasons',
      () => '<CreateFleetResponse><fleetId>f</fleetId></CreateFleetResponse>',
    ],
  ])('%s is asked for again under the same token', async (_what, change) => {
    const { hosts, ec2 } = await fleetScene();
    ec2.trouble('CreateFleet', { kind: 'changed-answer', change });
    const { code, stdout, stderr } = await hosts(['up', '3', '--yes'], ONCE);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout.match(/^i-/gmu)).toHaveLength(3);
    expect(ec2.cloud.up).toHaveLength(3);
    expect(ec2.cloud.templates).toEqual([]);
  });

  test('that names a part of the hosts hides none of them', async () => {
    const { hosts, ec2 } = await fleetScene({ ec2: { lag: 1 } });
    const change = (body: string): string =>
      body.replace(
        /<fleetInstanceSet><item>.*?<\/overrides><\/launchTemplateAndOverrides><\/item>/u,
        '<fleetInstanceSet>',
      );
    ec2.trouble('CreateFleet', { kind: 'changed-answer', change });
    const { stdout } = await hosts(['up', '3', '--yes']);
    expect(stdout.match(/^i-/gmu)).toHaveLength(3);
  });

  test('is remembered as missing when the session ends before it is asked for again', async () => {
    const { hosts, ec2 } = await fleetScene();
    ec2.trouble('CreateFleet', { kind: 'lost-answer' });
    ec2.trouble('CreateFleet', { kind: 'error', code: 'ExpiredToken', status: 400 });
    const { code, stderr } = await hosts(['up', '2', '--yes']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('(AWS_CREDENTIALS)') });
    expect((await hosts(['list'])).stderr).toMatch(/A launch of 2 was interrupted .*; it has started 2: i-/u);
  });
});

test.each([
  ['the page of a proxy', PAGE],
  ['nothing', ''],
  ['half of an answer', '<DescribeInstancesResponse><reservationSet><item>'],
])('%s in the place of the list of hosts is not a fleet without hosts', async (_what, body) => {
  const { hosts, ec2 } = await fleetScene();
  await hosts(['up', '1', '--yes']);
  for (const command of [['list'], ['down', '--all', '--yes']]) {
    ec2.trouble('DescribeInstances', { kind: 'changed-answer', change: () => body });
    const { code, stdout, stderr } = await hosts(command, ONCE);
    expect({ code, stdout, stderr }).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('(EC2_UNREACHABLE)'),
    });
  }
  expect(ec2.cloud.up).toHaveLength(1);
});

test('hosts that are less than --at-least and that EC2 does not end: it is said which hosts run, now and by the next command', async () => {
  const { hosts, json, ec2 } = await fleetScene({
    ec2: { capacity: FEW, denied: ['TerminateInstances'] },
  });
  const { code, stdout, stderr } = await hosts(['up', '4', '--at-least', '3', '--yes']);
  const [one, other] = ec2.cloud.up;
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining(one!.id) });
  expect(stderr).toContain(
    `${other!.id} could not be stopped again and runs: The right ec2:TerminateInstances`,
  );
  expect(stderr).toContain('2 hosts run that were to be stopped again');
  const again = await hosts(['list']);
  expect(again.stderr).toMatch(/A launch of 4 was interrupted .*; it has started 2/u);
  const up = await json(['up', '4', '--at-least', '3', '--yes']);
  expect(up).toMatchObject({ code: 1, started: [{ id: one!.id }, { id: other!.id }], stopped_again: [] });
  expect(up['not_stopped']).toHaveLength(2);
});
