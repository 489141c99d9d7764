/** `serve --fleet` asked over HTTP, against a stand-in for EC2. */
import { expect, test } from 'vitest';
import { fleetScene } from './support/ec2.ts';
import { until } from './support/until.ts';

async function ask(url: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(url, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { Accept: 'application/json' },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test('hosts are launched once, seen, and stopped, without --autoscale', async () => {
  const { ec2, orchestrator, restart } = await fleetScene({ serve: ['--fleet', 'fleet.json'] });
  const { url } = orchestrator;
  expect(ec2.asked).toEqual([]);
  const dry = await ask(`${url}/fleet/up`, { count: 2, dry_run: true });
  expect([dry.status, dry.body]).toMatchObject([200, { dry_run: true, count: 2, price_per_hour: 0.5 }]);
  expect(ec2.cloud.instances).toEqual([]);

  const wish = { count: 2, token: 'one-launch' };
  const launched = await ask(`${url}/fleet/up`, wish);
  expect(launched.status).toBe(200);
  const ids = ec2.cloud.up.map(({ id }) => id);
  expect((launched.body['started'] as { id: string }[]).map(({ id }) => id).toSorted()).toEqual(
    ids.toSorted(),
  );
  expect(ids).toHaveLength(2);
  await until('both in the list', async () => {
    const { body } = await ask(`${url}/fleet`);
    return (body['hosts'] as object[]).length === 2 && body['error'] === null;
  });

  orchestrator.running.kill('SIGKILL');
  await orchestrator.running.finished;
  const { url: again } = await restart();
  expect(await ask(`${again}/fleet/up`, wish)).toEqual(launched);
  expect(ec2.cloud.instances).toHaveLength(2);

  const down = await ask(`${again}/fleet/down`, { all: true, token: 'stop-them-all' });
  expect((down.body['stopped'] as string[]).toSorted()).toEqual(ids.toSorted());
  expect(ec2.cloud.up).toEqual([]);
}, 60_000);

test('what EC2 cannot give is said by zone', async () => {
  const { orchestrator } = await fleetScene({
    ec2: { capacity: { 'eu-west-1a': 0, 'eu-west-1b': 0, 'eu-west-1c': 0 } },
    serve: ['--fleet', 'fleet.json'],
  });
  const { status, body } = await ask(`${orchestrator.url}/fleet/up`, { count: 1, token: 'one-launch' });
  expect(status).toBe(200);
  expect(body['started']).toEqual([]);
  expect((body['shortfalls'] as { zone: string }[]).map(({ zone }) => zone)).toContain('eu-west-1a');
});
