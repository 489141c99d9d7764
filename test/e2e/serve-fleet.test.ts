/** `serve` with a fleet that cannot be launched: what can be known at the start keeps it from starting, and what only AWS can tell is said. */
import { expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { fleetScene } from './support/ec2.ts';
import { freePort } from './support/ports.ts';
import { Scene } from './support/scene.ts';
import { until } from './support/until.ts';

const EC2 = {
  subnets: ['subnet-0000000a'],
  instance_types: ['c7a.large'],
  image: 'ami-0000000a',
};

async function serveWith(settings: object, env: Record<string, string> = {}) {
  const scene = await Scene.create();
  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const { manifestPath } = await writeSampleChain({ folder: scene.path('chain'), slices: 1, ...shape });
  await scene.write('fleet.json', JSON.stringify(settings));
  const args = [
    'serve',
    '--config',
    manifestPath,
    '--port',
    '0',
    '--autoscale',
    '3',
    '--fleet',
    'fleet.json',
  ];
  return scene.run(args, { env: { HOME: scene.folder, ...env } });
}

test('all that can be known without asking AWS is told before it starts', async () => {
  const settings = { name: 'eos', idle_after: 'soon', budget: 5, ec2: EC2 };
  const { code, stdout, stderr } = await serveWith(settings, { AWS_ENDPOINT_URL: 'nowhere' });
  expect([code, stdout]).toEqual([3, '']);
  for (const mistake of [
    'idle_after is "soon"',
    'fleet.json: orchestrator is missing',
    'provider is ec2, which cannot be asked: AWS_ENDPOINT_URL is not a URL',
    'fleet.json: ec2.region is missing, and AWS_REGION is not set',
    'budget cannot be kept: prices does not have that of every type',
  ]) {
    expect(stderr).toContain(mistake);
  }
});

test('a fleet of this machine needs neither a region nor an address', async () => {
  const { orchestrator } = await fleetScene({
    settings: { provider: 'local', orchestrator: undefined, local: { workers: 1 } },
    serve: ['--fleet', 'fleet.json'],
  });
  expect(await problemOf(orchestrator.url)).toBeNull();
});

interface Fleet {
  launch_problem: string | null;
}

async function problemOf(url: string): Promise<string | null> {
  return ((await (await fetch(`${url}/fleet`)).json()) as Fleet).launch_problem;
}

test.each([
  ['credentials that EC2 does not know', { accessKey: 'AKIAOTHER' }, 'AuthFailure'],
  ['a right that is missing', { denied: ['RunInstances'] }, 'The right ec2:RunInstances'],
])('%s: that is said, and the run goes on', async (_, ec2, said) => {
  const { orchestrator } = await fleetScene({ ec2, serve: ['--fleet', 'fleet.json'] });
  await orchestrator.running.waitFor(/no host of the fleet could be launched as things stand/u);
  expect(orchestrator.running.stderr).toContain(said);
  expect(await problemOf(orchestrator.url)).toContain(said);
  expect((await fetch(`${orchestrator.url}/summary`)).status).toBe(200);
});

test('what was said is over with the first dry run that succeeds', async () => {
  const denied = ['RunInstances'];
  const { orchestrator, ec2 } = await fleetScene({ ec2: { denied }, serve: ['--fleet', 'fleet.json'] });
  await until('the problem', async () => (await problemOf(orchestrator.url)) !== null);
  const up = (body: object) =>
    fetch(`${orchestrator.url}/fleet/up`, { method: 'POST', body: JSON.stringify(body) });
  expect((await up({ count: 1, dry_run: true })).status).toBe(502);
  expect(await problemOf(orchestrator.url)).not.toBeNull();
  denied.length = 0;
  expect((await up({ count: 1, dry_run: true })).status).toBe(200);
  expect(await problemOf(orchestrator.url)).toBeNull();
  expect(ec2.cloud.up).toEqual([]);
});

test('an AWS that is away does not keep the run from being served, nor from ending', async () => {
  const gone = `http://127.0.0.1:${await freePort()}`;
  const scene = await Scene.create();
  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const { manifestPath } = await writeSampleChain({ folder: scene.path('chain'), slices: 1, ...shape });
  const settings = {
    name: 'eos',
    orchestrator: 'http://10.0.0.5:4000',
    ec2: { ...EC2, region: 'eu-west-1' },
  };
  await scene.write('fleet.json', JSON.stringify(settings));
  const env = { AWS_ENDPOINT_URL_EC2: gone, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
  const { url, running } = await scene.serve(manifestPath, ['--autoscale', '1', '--fleet', 'fleet.json'], {
    env: { ...env, AWS_MAX_ATTEMPTS: '50' },
  });
  expect((await fetch(`${url}/summary`)).status).toBe(200);
  running.kill('SIGTERM');
  expect((await running.finished).code).toBe(0);
});
