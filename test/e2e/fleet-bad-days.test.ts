/** What goes wrong between `replay hosts …` and EC2, and that no host is started and forgotten. */
import { describe, expect, test } from 'vitest';
import { fleetScene } from './support/ec2.ts';
import { until } from './support/until.ts';

describe('answers that are lost, late or no', () => {
  test('a launch whose answer is lost is asked for again, and starts nothing twice', async () => {
    const { hosts, ec2 } = await fleetScene();
    ec2.trouble('CreateFleet', { kind: 'lost-answer' });
    const { code, stderr } = await hosts(['up', '3', '--yes']);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('Launched 3 of 3') });
    expect(ec2.cloud.up).toHaveLength(3);
    const tokens = ec2.asked.filter(({ action }) => action === 'CreateFleet');
    expect(new Set(tokens.map(({ params }) => params.get('ClientToken'))).size).toBe(1);
    expect(tokens.length).toBeGreaterThan(1);
  });

  test('a launch template that EC2 does not know yet everywhere is asked for again', async () => {
    const { hosts, ec2 } = await fleetScene();
    const code = 'InvalidLaunchTemplateName.NotFoundException';
    ec2.trouble('CreateFleet', { kind: 'error', code, status: 400, times: 2 });
    expect(await hosts(['up', '2', '--yes'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('EC2 does not know the launch template yet'),
    });
    expect(ec2.cloud.up).toHaveLength(2);
  });

  test('throttling is waited out', async () => {
    const { hosts, ec2 } = await fleetScene();
    for (const action of ['DescribeInstances', 'CreateFleet']) {
      ec2.trouble(action, { kind: 'error', code: 'RequestLimitExceeded', times: 2 });
    }
    expect((await hosts(['up', '2', '--yes'])).code).toBe(0);
    expect(ec2.cloud.up).toHaveLength(2);
  });

  test('hosts that DescribeInstances does not know yet are told all the same, and can be stopped', async () => {
    const { hosts, json, ec2 } = await fleetScene({ ec2: { lag: 2 } });
    expect((await json(['up', '2', '--yes']))['started']).toHaveLength(2);
    ec2.trouble('TerminateInstances', {
      kind: 'error',
      code: 'InvalidInstanceID.NotFound',
      message: 'The instance IDs do not exist',
      status: 400,
      times: 3,
    });
    const { code } = await hosts(['down', '--all', '--yes']);
    expect(code).toBe(0);
    expect(ec2.cloud.up).toEqual([]);
  });

  test('a launch that is never answered is looked at by the next command', async () => {
    const { hosts, ec2 } = await fleetScene();
    ec2.trouble('CreateFleet', { kind: 'lost-answer', times: 3 });
    const up = await hosts(['up', '2', '--yes'], { env: { AWS_MAX_ATTEMPTS: '1' } });
    expect(up).toMatchObject({ code: 1, stderr: expect.stringContaining('(EC2_UNREACHABLE)') });
    expect(ec2.cloud.up).toHaveLength(2);
    const { stderr } = await hosts(['list']);
    expect(stderr).toMatch(/A launch of 2 was interrupted at .* UTC; it has started 2: i-\S+ i-\S+/u);
  });

  test('Ctrl-C in the middle of a launch waits for the answer, and lists what was started', async () => {
    const { start, ec2 } = await fleetScene();
    let release = (): void => undefined;
    ec2.trouble('CreateFleet', { kind: 'held', until: new Promise<void>((done) => (release = done)) });
    const running = start(['up', '2', '--yes']);
    await until('the launch', () => ec2.asked.some(({ action }) => action === 'CreateFleet'));
    running.kill('SIGINT');
    await running.waitFor(/Waiting for the answer of EC2/u);
    release();
    const { code, stdout } = await running.finished;
    expect(code).toBe(130);
    expect(stdout.match(/^i-/gmu)).toHaveLength(2);
    expect(ec2.cloud.templates).toEqual([]);
  });

  test('a kill in the middle of a launch is known to the next command', async () => {
    const { start, hosts, json, ec2 } = await fleetScene();
    let release = (): void => undefined;
    ec2.trouble('CreateFleet', { kind: 'held', until: new Promise<void>((done) => (release = done)) });
    const running = start(['up', '2', '--yes']);
    await until('the launch', () => ec2.asked.some(({ action }) => action === 'CreateFleet'));
    running.kill('SIGKILL');
    await running.finished;
    expect((await hosts(['list'])).stderr).toContain('it has started nothing so far');
    release();
    await until('hosts that nobody waits for', () => ec2.cloud.up.length === 2);

    const { stderr, stdout } = await hosts(['list']);
    expect(stderr).toMatch(/A launch of 2 was interrupted at .* UTC; it has started 2: i-\S+ i-\S+/u);
    expect(stdout).toContain('Fleet eos: 2 hosts');
    expect(ec2.cloud.templates).toEqual([]);
    expect((await hosts(['list'])).stderr).toBe('');
    await json(['down', '--all', '--yes']);
    expect(ec2.cloud.up).toEqual([]);
  });
});

describe('what a person can mend', () => {
  test.each([
    ['CreateFleet', 'ec2:CreateFleet'],
    ['DescribeInstances', 'ec2:DescribeInstances'],
    ['RunInstances', 'ec2:RunInstances'],
    ['CreateLaunchTemplate', 'ec2:CreateLaunchTemplate'],
  ])('a missing right to %s is named, and nothing runs', async (action, right) => {
    const { hosts, ec2 } = await fleetScene({ ec2: { denied: [action] } });
    const { code, stderr } = await hosts(['up', '2', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toContain(`The right ${right}`);
    expect(stderr).toContain(`--encoded-message ENCODED-${action}`);
    expect(stderr).toContain('(EC2_NOT_ALLOWED)');
    expect(ec2.cloud.up).toEqual([]);
    expect(ec2.cloud.templates).toEqual([]);
  });

  test('a dry run names a missing right too, and says what would be asked', async () => {
    const denied: string[] = [];
    const { hosts, json, ec2 } = await fleetScene({ ec2: { denied } });
    const { code, stdout } = await hosts(['up', '2', '--dry-run']);
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout).toContain('CreateFleet 2 (0 spot) of c7a.large in eu-west-1a, eu-west-1b, eu-west-1c');
    expect(ec2.asked.filter(({ action, dryRun }) => !dryRun && !action.startsWith('Describe'))).toEqual([]);
    denied.push('RunInstances');
    expect(await json(['up', '2', '--dry-run'])).toMatchObject({
      code: 1,
      error: { code: 'EC2_NOT_ALLOWED' },
    });
  });

  test('wrong credentials are said to be that', async () => {
    const { hosts } = await fleetScene({ ec2: { accessKey: 'AKIAOTHER' } });
    const { code, stderr } = await hosts(['list']);
    expect(code).toBe(1);
    expect(stderr).toContain('(AuthFailure)');
    expect(stderr).toContain('(AWS_CREDENTIALS)');
  });

  test('an unknown subnet is named before anything is launched', async () => {
    const { hosts, ec2 } = await fleetScene();
    const { code, stderr } = await hosts(['up', '1', '--yes', '--subnet', 'subnet-00000099']);
    expect(code).toBe(1);
    expect(stderr).toContain("The subnet ID 'subnet-00000099' does not exist (InvalidSubnetID.NotFound)");
    expect(stderr).toContain('Check ec2.subnets');
    expect(ec2.cloud.up).toEqual([]);
  });

  test('an instance without the tag is refused before anything is stopped', async () => {
    const { hosts, ec2 } = await fleetScene();
    await hosts(['up', '1', '--yes']);
    const stranger = ec2.cloud.addInstance({ tags: new Map([['replay:fleet', 'other']]) });
    const [own] = ec2.cloud.up;
    const { code, stderr } = await hosts(['down', own!.id, stranger.id, '--yes']);
    expect(code).toBe(1);
    expect(stderr).toContain(`Not a host of the fleet eos: ${stranger.id}. Nothing was stopped.`);
    expect(ec2.cloud.up).toHaveLength(2);
  });

  test('an instance that EC2 does not let go holds up no other', async () => {
    const { json, ec2, hosts } = await fleetScene();
    await hosts(['up', '3', '--yes']);
    const [held] = ec2.cloud.up;
    held!.protected = true;
    const down = await json(['down', '--all', '--yes']);
    expect(down).toMatchObject({ code: 1, failed: [{ id: held!.id }] });
    expect(down['stopped']).toHaveLength(2);
    expect(ec2.cloud.up).toEqual([held]);
  });

  test('all mistakes of the settings are told, with their places', async () => {
    const { hosts, scene } = await fleetScene();
    await scene.write(
      'fleet.json',
      '{\n  "nam": "eos",\n  "ec2": { "spot_share": 120, "subnets": [] },\n  "name": "eos"\n}',
    );
    const { code, stderr } = await hosts(['up', '1', '--yes', '--region', 'nowhere']);
    expect(code).toBe(3);
    expect(stderr).toContain('fleet.json:2:3: there is no setting "nam"; did you mean name?');
    expect(stderr).toContain('fleet.json:3:12: ec2.spot_share is 120; expected a whole number from 0 to 100');
    expect(stderr).toContain('--region: ec2.region is "nowhere"');
    expect(stderr).toContain('fleet.json: ec2.image is needed');
    expect(stderr).toContain('fleet.json:3:31: ec2.subnets is empty');
  });

  test('without a terminal nothing is done unless --yes says so', async () => {
    const { hosts, ec2 } = await fleetScene();
    expect(await hosts(['up', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Launch 1 host'),
    });
    expect(ec2.cloud.up).toEqual([]);
  });
});
