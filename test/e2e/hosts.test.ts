/** The hosts of a run and what they cost, as `replay status` and `replay report` tell it. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import type { KeptFleet } from '../../src/core/store/fleet-file.ts';
import type { HostRecord } from '../../src/core/protocol/host-record.ts';
import { statusOf, untilJob } from './support/run.ts';
import { Scene } from './support/scene.ts';
import { until } from './support/until.ts';

const SHAPE = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };

/** Alpha (3,600 dollars an hour) and beta (7,200) are at work, gamma has no price and no job. */
async function runOfThree() {
  const scene = await Scene.create();
  const chain = await writeSampleChain({ folder: scene.path('chain'), slices: 2, ...SHAPE });
  const orchestrator = await scene.serve(chain.manifestPath);
  const { url } = orchestrator;
  const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 20 });
  const args = ['--nodeos', slow];
  scene.work('alpha', url, [...args, '--price', '3600']);
  scene.work('beta', url, args, { env: { REPLAY_PRICE: '7200.0' } });
  for (const jobId of [1, 2]) {
    await untilJob(url, jobId, 'is being replayed', ({ status }) => status === 'WORKING');
  }
  scene.work('gamma', url, args, { stay: true });
  await until('a word of all', async () => {
    const hosts = (await (await fetch(`${url}/hosts`)).json()) as HostRecord[];
    return hosts.length === 3 && hosts.every(({ hostname }) => hostname !== null);
  });
  return { scene, chain, orchestrator };
}

async function costOf(url: string) {
  return (await statusOf(url)).summary.cost;
}

async function hostsOf(scene: Scene, url: string): Promise<HostRecord[]> {
  const { stdout, code } = await scene.run(['status', '--hosts', '--json', '--orchestrator', url]);
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { hosts: HostRecord[] }).hosts;
}

describe('hosts with a price', () => {
  test('are told one by one, with what they are at and what they cost', async () => {
    const { scene, orchestrator } = await runOfThree();
    const { url } = orchestrator;
    await until('a cost', async () => ((await costOf(url))?.usd ?? 0) > 0);

    const hosts = await hostsOf(scene, url);
    expect(hosts).toMatchObject([
      { worker_id: 'alpha', status: 'WORKING', stage: 'replay', price_per_hour: 3600, is_seen: true },
      { worker_id: 'beta', status: 'WORKING', stage: 'replay', price_per_hour: 7200, set_aside: false },
      { worker_id: 'gamma', job_id: null, price_per_hour: null, cost_usd: null },
    ]);
    for (const host of hosts) {
      expect(host.version).toMatch(/^\d+\.\d+\.\d+/u);
      expect([host.cpus, host.memory_total, host.disk_free].every((amount) => Number(amount) > 0)).toBe(true);
    }
    expect(new Set(hosts.slice(0, 2).map(({ job_id }) => job_id))).toEqual(new Set([1, 2]));

    const { stdout } = await scene.run(['status', '--hosts', '--orchestrator', url]);
    expect(stdout).toMatch(/^2 hosts at work, 1 idle(?:,|$)/mu);
    expect(stdout).toMatch(/^Cost so far: \$[\d.,]+, \$10,800\.00 an hour; 1 host without a price$/mu);
    expect(stdout).toMatch(/│ beta +│ +\d │ replay +│.*│ +\$7,200\.00\/h │ +\$\d/u);
    const report = await scene.run(['report', '--orchestrator', url]);
    expect(report.stdout).toMatch(/\nCost so far +\$[\d.]+, \$10,800\.00 an hour; 1 host without a price\n/u);
  });

  test('have cost no less when the orchestrator is started again', async () => {
    const { scene, chain, orchestrator } = await runOfThree();
    const { url, port, running } = orchestrator;
    const [alpha] = await hostsOf(scene, url);
    const before = await until('a cost', async () => ((await costOf(url))?.usd ?? 0) || null);
    running.kill('SIGTERM');
    expect((await running.finished).code).toBe(0);

    await scene.serve(chain.manifestPath, [], { port });
    const cost = await costOf(url);
    expect(cost).toMatchObject({ hosts_priced: 2, hosts_unpriced: 1 });
    expect(cost!.usd).toBeGreaterThanOrEqual(before);
    await until('more', async () => ((await costOf(url))?.usd ?? 0) > cost!.usd);
    expect((await hostsOf(scene, url))[0]).toMatchObject({ first_seen: alpha!.first_seen });
  });
});

test('an orchestrator that is killed goes on from what it has written of its hosts', async () => {
  const { scene, chain, orchestrator } = await runOfThree();
  const { url, port, running } = orchestrator;
  const file = scene.path('orchestrator', 'runs', '0001', 'fleet.json');
  const text = await until('the file', () => readFile(file, 'utf8').catch(() => null));
  const { hosts } = JSON.parse(text) as KeptFleet;
  const before = hosts.find(({ workerId }) => workerId === 'alpha')!;
  running.kill('SIGKILL');
  await running.finished;

  await scene.serve(chain.manifestPath, [], { port });
  const heardAgain = ({ worker_id, hours }: HostRecord): boolean =>
    worker_id === 'alpha' && hours > before.account.countedMs / 3_600_000 + 0.0001;
  const find = async () => (await hostsOf(scene, url)).find(heardAgain);
  const alpha = await until('a word of alpha', find, 30_000);
  expect(alpha.cost_usd).toBeGreaterThan(before.account.usd);
  expect(alpha.first_seen).toBe(new Date(before.firstSeen).toISOString().slice(0, 19));
}, 60_000);

describe('usage', () => {
  test.each(['free', '-1', '1e3', '10001', '0,68'])('a price of %s ends with 2', async (price) => {
    const scene = await Scene.create();
    const { code, stderr } = await scene.run(['work', `--price=${price}`]);
    expect(code).toBe(2);
    expect(stderr).toContain('Expected US dollars an hour from 0 to 10000, such as 0.68.');
  });

  test.each([[['--slice', '1']], [['--failed']], [['--sort', 'host']], [['--columns', 'host']]])(
    '--hosts with %j ends with 2',
    async (args) => {
      const scene = await Scene.create();
      const { code, stdout, stderr } = await scene.run(['status', '--hosts', ...args]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`--hosts and ${args[0]} cannot be given together.`);
    },
  );
});

test('an orchestrator that does not know its hosts is named as what it is', async () => {
  const scene = await Scene.create();
  const server = createServer((_request, response) => response.writeHead(404).end('Not found'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scene.onEnd(async () => server.close());
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, stdout } = await scene.run(['status', '--hosts', '--json', '--orchestrator', address]);
  expect(code).toBe(5);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'HOSTS_NOT_KNOWN' } });
});
