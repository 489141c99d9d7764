/** `serve --autoscale` against a stand-in for EC2. */
import { expect, test } from 'vitest';
import { fleetScene, type FleetScene } from './support/ec2.ts';
import { until } from './support/until.ts';

async function autoscaled(settings: object = {}): Promise<FleetScene> {
  return fleetScene({
    settings: { idle_after: '1s', ...settings },
    serve: ['--autoscale', '2', '--autoscale-interval', '1', '--fleet', 'fleet.json'],
  });
}

/** What a worker on that instance would say of itself. */
async function hears(url: string, workerId: string, instanceId: string): Promise<void> {
  const answer = await fetch(`${url}/host/report`, {
    method: 'POST',
    headers: { 'X-Replay-Worker': workerId, 'Content-Type': 'application/json' },
    body: JSON.stringify({ instance_id: instanceId }),
  });
  expect(answer.status).toBeLessThan(300);
}

test('the fleet grows to what the jobs can use, replaces what is lost, and shrinks at the end', async () => {
  const { ec2, orchestrator, scene } = await autoscaled();
  const { url } = orchestrator;
  await until('two hosts', () => ec2.cloud.up.length === 2);
  const [first, second] = ec2.cloud.up;
  // One that ends without a word is taken for a launch that failed, and is not replaced at once.
  await hears(url, 'a', first!.id);
  ec2.cloud.interrupt(first!);
  await hears(url, 'b', second!.id);
  await until('another one in its place', () => ec2.cloud.up.length === 2);
  expect(ec2.cloud.instances).toHaveLength(3);

  const nodeos = await scene.standIn({ version: '1.2.2' });
  await scene.work('alpha', url, ['--nodeos', nodeos]).finished;
  await hears(url, 'b', second!.id);
  await until('the end of the idle host', () => second!.state === 'terminated');
}, 60_000);

test('a restart launches nothing a second time', async () => {
  const { ec2, orchestrator, restart } = await autoscaled();
  await until('two hosts', () => ec2.cloud.up.length === 2);
  orchestrator.running.kill('SIGKILL');
  await orchestrator.running.finished;
  const looks = (): number => ec2.asked.filter(({ action }) => action === 'DescribeInstances').length;
  const before = looks();
  await restart();
  await until('three looks at the fleet', () => looks() >= before + 3);
  expect(ec2.cloud.instances).toHaveLength(2);
});

test('a budget that does not pay for all launches less, and says so', async () => {
  const { ec2, orchestrator } = await autoscaled({ budget: 0.7 });
  await orchestrator.running.waitFor(/the budget of \$0\.7 would be passed/u);
  await until('one host', () => ec2.cloud.up.length === 1);
  expect(ec2.asked.filter(({ action, dryRun }) => action === 'CreateFleet' && !dryRun)).toHaveLength(1);
});

test('a person who launches at the same time shares the budget with it', async () => {
  const { ec2, hosts, orchestrator } = await autoscaled({ budget: 1.6 });
  await Promise.all([hosts(['up', '2', '--yes']), hosts(['up', '2', '--yes'])]);
  await orchestrator.running.waitFor(/the budget of \$1\.6 would be passed|looks after the fleet/u);
  await until('a launch', () => ec2.cloud.up.length === 3);
  const looks = (): number => ec2.asked.filter(({ action }) => action === 'DescribeInstances').length;
  const before = looks();
  await until('two more looks at the fleet', () => looks() >= before + 4);
  expect(ec2.cloud.up).toHaveLength(3);
});
