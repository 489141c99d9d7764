/** `replay hosts …` against a stand-in for EC2, through the real SDK of the built file. */
import { describe, expect, test } from 'vitest';
import { fleetScene } from './support/ec2.ts';
import { until } from './support/until.ts';

describe('hosts up, list and down', () => {
  test('launch, show and stop a fleet that is found by its tag', async () => {
    const { hosts, json, ec2 } = await fleetScene();
    const up = await hosts(['up', '3', '--yes']);
    expect(up).toMatchObject({ code: 0, stdout: expect.stringContaining('c7a.large in eu-west-1a') });
    expect(up.stderr).toContain('Launched 3 of 3 hosts.');
    expect(ec2.cloud.up).toHaveLength(3);
    for (const { tags } of ec2.cloud.up) {
      expect(tags.get('replay:fleet')).toBe('eos');
      expect(tags.get('replay:run')).toBe('1');
    }
    expect(ec2.cloud.templates).toEqual([]);

    const listed = await json(['list']);
    expect(listed).toMatchObject({ code: 0, fleet: 'eos', provider: 'ec2', orchestrator_asked: true });
    expect(listed['hosts']).toHaveLength(3);
    expect((listed['hosts'] as object[])[0]).toMatchObject({
      state: 'running',
      activity: 'booting',
      type: 'c7a.large',
      price_per_hour: 0.5,
      job_id: null,
    });
    const text = await hosts(['list']);
    expect(text.stdout).toContain('Fleet eos: 3 hosts, 0 at work, 0 idle, 3 booting; $1.50 an hour');

    const stranger = ec2.cloud.addInstance();
    const down = await hosts(['down', '--all', '--yes']);
    expect(down).toMatchObject({ code: 0 });
    expect(ec2.cloud.up).toEqual([stranger]);
    expect((await hosts(['list'])).stdout).toContain('The fleet eos has no hosts.');
  });

  test('say per zone what could not be had, and end with 8', async () => {
    const capacity = { 'eu-west-1a': 1, 'eu-west-1b': 1, 'eu-west-1c': 0 };
    const { hosts, ec2 } = await fleetScene({ ec2: { capacity } });
    const { code, stderr } = await hosts(['up', '4', '--yes']);
    expect(code).toBe(8);
    expect(stderr).toMatch(
      /eu-west-1a, c7a\.large: We currently do not have sufficient .*\(InsufficientInstanceCapacity\)/u,
    );
    expect(stderr).toContain('eu-west-1c, c7a.large');
    expect(stderr).toContain('Launched 2 of 4 hosts.');
    expect(ec2.cloud.up).toHaveLength(2);
  });

  test('ask for one of two subnets of a zone, since EC2 Fleet refuses both', async () => {
    const subnets = { 'subnet-0000000a': 'eu-west-1a', 'subnet-0000000b': 'eu-west-1a' };
    const fleet = { subnets: Object.keys(subnets) };
    const { hosts, ec2 } = await fleetScene({ ec2: { subnets }, fleet });
    expect(await hosts(['up', '2', '--yes'])).toMatchObject({ code: 0 });
    expect(ec2.cloud.up).toHaveLength(2);
  });

  test('leave nothing running when less than --at-least could be had', async () => {
    const capacity = { 'eu-west-1a': 1, 'eu-west-1b': 1, 'eu-west-1c': 0 };
    const { hosts, ec2 } = await fleetScene({ ec2: { capacity } });
    const { code, stderr } = await hosts(['up', '4', '--at-least', '3', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toContain('Stopped again: i-');
    expect(ec2.cloud.up).toEqual([]);
  });
});

describe('money', () => {
  test('what would pass the budget is not launched', async () => {
    const { hosts, ec2 } = await fleetScene();
    const some = await hosts(['up', '4', '--yes', '--budget', '1.1']);
    expect(some.code).toBe(8);
    expect(some.stderr).toContain('the budget of $1.1 would be passed');
    expect(some.stderr).toContain('Launched 2 of 4 hosts.');
    expect(ec2.cloud.up).toHaveLength(2);
    const none = await hosts(['up', '1', '--yes', '--budget', '1.1']);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('(HOSTS_LIMIT)') });
    expect(ec2.cloud.up).toHaveLength(2);
  });

  test('two terminals at the same time do not pass the budget, nor the most hosts', async () => {
    const { hosts, ec2 } = await fleetScene({ ec2: { lag: 2 } });
    const ups = await Promise.all([1, 2, 3].map(() => hosts(['up', '2', '--yes', '--budget', '1.6'])));
    expect(ec2.cloud.up).toHaveLength(3);
    expect(new Set(ups.map(({ code }) => code))).toEqual(new Set([0, 1, 8]));
    await hosts(['down', '--all', '--yes']);
    await Promise.all([1, 2].map(() => hosts(['up', '3', '--yes', '--max-hosts', '4'])));
    expect(ec2.cloud.up).toHaveLength(4);
  });

  test('a budget without prices launches nothing', async () => {
    const { hosts, ec2 } = await fleetScene({ prices: {} });
    const { code, stderr } = await hosts(['up', '1', '--yes', '--budget', '100']);
    expect(code).toBe(1);
    expect(stderr).toContain('the price of the hosts is not known (settings: prices, ec2.fetch_prices)');
    expect(ec2.cloud.up).toEqual([]);
  });

  test('spot hosts that are dearer than the cap are not had', async () => {
    const fleet = { spot_share: 100, price_cap: 0.2 };
    const { hosts, ec2 } = await fleetScene({ ec2: { spotPrices: { 'c7a.large': 0.3 } }, fleet });
    const { code, stderr } = await hosts(['up', '1', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toContain('(SpotMaxPriceTooLow)');
    expect(ec2.cloud.up).toEqual([]);
  });
});

test('hosts up auto launches what the open jobs can use, and counts what is there', async () => {
  const { hosts, ec2 } = await fleetScene();
  expect((await hosts(['up', 'auto', '--yes'])).code).toBe(0);
  expect(ec2.cloud.up).toHaveLength(4);
  const again = await hosts(['up', 'auto', '--yes']);
  expect(again).toMatchObject({ code: 0, stdout: 'No host was launched.\n' });
  expect(ec2.cloud.up).toHaveLength(4);
});

/** A slice is done, in no time, by a worker that then waits for the next. */
async function finishOne(url: string): Promise<void> {
  const headers = { 'X-Replay-Worker': 'a', 'Content-Type': 'application/json' };
  const offered = await fetch(`${url}/job?nextjob`, { headers: { ...headers, Accept: 'application/json' } });
  const { job_id: id } = (await offered.json()) as { job_id: number };
  let etag = offered.headers.get('etag') ?? '';
  for (const update of [
    { status: 'STARTED' },
    { status: 'COMPLETE', actual_integrity_hash: 'a'.repeat(64) },
  ]) {
    const body = JSON.stringify(update);
    const answer = await fetch(`${url}/job?jobid=${id}`, {
      method: 'POST',
      headers: { ...headers, 'If-Match': etag },
      body,
    });
    expect(answer.status).toBe(200);
    etag = answer.headers.get('etag') ?? '';
  }
}

test('hosts up says what hosts do for the end of the run, and auto launches none that comes too late', async () => {
  const { hosts, json, ec2, orchestrator } = await fleetScene();
  expect((await hosts(['up', '2', '--dry-run'])).stderr).toContain('too few slices were replayed');
  await finishOne(orchestrator.url);
  await finishOne(orchestrator.url);
  await finishOne(orchestrator.url);
  const auto = await hosts(['up', 'auto', '--yes']);
  expect(auto).toMatchObject({ code: 0, stdout: 'No host was launched.\n' });
  expect(ec2.cloud.up).toEqual([]);
  expect((await hosts(['up', '2', '--dry-run'])).stderr).toMatch(
    /With these 2 hosts the run ends in about .*, and no later without them\./u,
  );
  const { outlook, asked } = await json(['up', '2', '--dry-run']);
  expect({ outlook, asked }).toEqual({
    asked: 2,
    outlook: {
      boot_seconds: 180,
      time_left: expect.objectContaining({ likely_seconds: expect.any(Number) }),
      time_left_with_hosts: expect.objectContaining({ likely_seconds: expect.any(Number) }),
      usd: 0,
      usd_with_hosts: expect.any(Number),
    },
  });
});

test('hosts down --idle leaves a host that has taken a job since it was looked at', async () => {
  const { hosts, start, ec2, orchestrator } = await fleetScene();
  const { url } = orchestrator;
  await hosts(['up', '2', '--yes']);
  const names = new Map(ec2.cloud.up.map(({ id }, index) => [id, `worker-${index}`]));
  const say = (path: string, worker: string, body: object, etag = '*'): Promise<Response> => {
    const headers = { 'X-Replay-Worker': worker, 'If-Match': etag };
    return fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  const change = async (job: number, worker: string, status: string): Promise<void> => {
    const { headers } = await fetch(`${url}/job?jobid=${job}`);
    const answer = await say(`/job?jobid=${job}`, worker, { status }, headers.get('etag')!);
    expect({ job, status: answer.status }).toEqual({ job, status: 200 });
  };
  for (const [id, worker] of names) await say('/host/report', worker, { instance_id: id });
  for (const job of [1, 2, 3, 4]) await change(job, `other-${job}`, 'STARTED');
  let release = (): void => undefined;
  ec2.trouble('DescribeInstances', { kind: 'held', until: new Promise<void>((done) => (release = done)) });
  const asked = ec2.asked.length;
  const down = start(['down', '--idle', '--idle-for', '0', '--yes']);
  await until('the look at the fleet', () => ec2.asked.length > asked);
  await change(4, 'other-4', 'WAITING_4_WORKER');
  await change(4, 'worker-0', 'STARTED');
  release();
  const { code, stdout, stderr } = await down.finished;
  const [first, second] = [...names.keys()];
  expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: `${second}\n` });
  expect(stderr).toContain(`${first} has taken a job meanwhile, and stays.`);
  expect(ec2.cloud.up.map(({ id }) => id)).toEqual([first]);
});

test('hosts init writes an example, and replaces nothing', async () => {
  const { hosts, scene } = await fleetScene();
  expect((await hosts(['init', 'new.json'])).code).toBe(0);
  expect(await hosts(['init', 'new.json'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('(FILE_EXISTS)'),
  });
  const { code, stderr } = await scene.run(['hosts', 'up', '1', '--fleet', 'new.json', '--yes']);
  expect({ code, stderr }).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('ORCHESTRATOR_UNREACHABLE'),
  });
});
