/** Workers are killed at random instants, again and again, until the run is done. */
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { STAGES, type Stage } from '../../src/core/domain/job.ts';
import { orchestratorClient } from '../../src/core/protocol/client.ts';
import type { FullJobRecord } from '../../src/core/protocol/full-record.ts';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import type { SampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { processesNaming } from '../e2e/support/processes.ts';
import type { Running } from '../e2e/support/replay.ts';
import { reportOf, statusOf, untilJob } from '../e2e/support/run.ts';
import { Scene } from '../e2e/support/scene.ts';
import { until } from '../e2e/support/until.ts';
import { type GuardedNodeos, guardedNodeos } from './support/guarded-nodeos.ts';
import { type Random, seeded } from './support/random.ts';
import { slowServer } from './support/slow-server.ts';
import { SEED, SOAK, tell, TIMEOUT_MS } from './support/soak.ts';

const KILLS = SOAK ? 100 : 8;
const HOSTS = ['alpha', 'beta'] as const;
/** A job takes about as long as the longest life: some are killed early, some late, some after several jobs. */
const LONGEST_LIFE_MS = SOAK ? 2400 : 1400;
/** A worker that is started while no job is left has nothing to be killed in. */
const JOBS = SOAK ? 150 : 7;

type Host = (typeof HOSTS)[number];

/** How often a worker was killed in each stage of a job, and (null) in none. */
type Census = Map<Stage | null, number>;

/** The programs that the workers find. */
interface Tools {
  hasSetpriv: boolean;
  env: Record<string, string>;
}

/** One host whose worker is killed and started again until it may live. */
async function plague(
  scene: Scene,
  url: string,
  host: Host,
  nodeos: GuardedNodeos,
  plan: { kills: number; random: Random; census: Census; tools: Tools },
): Promise<void> {
  const { env, hasSetpriv } = plan.tools;
  const start = (): Running => scene.work(host, url, ['--nodeos', nodeos.path], { env });
  for (let kill = 0; kill < plan.kills; kill += 1) {
    const worker = start();
    await sleep(plan.random.between(20, LONGEST_LIFE_MS));
    // The run must not be over before the last kill: there are jobs enough.
    if (worker.ended) throw new Error(`${host} ended by itself: ${worker.stdout}${worker.stderr}`);
    const stage = await stageOf(url, host);
    plan.census.set(stage, (plan.census.get(stage) ?? 0) + 1);
    worker.kill('SIGKILL');
    await worker.finished;
    // Without setpriv it is the next worker that ends what this one has left.
    if (!hasSetpriv) continue;
    await until(`the end of ${host}'s nodeos`, () => processesNaming(scene.path(host)).length === 0, 3000);
  }
  const { code, stderr } = await start().finished;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

/** As the orchestrator knows it. */
async function stageOf(url: string, host: Host): Promise<Stage | null> {
  const jobs = await orchestratorClient({ baseUrl: url }).status();
  const held = jobs.find((job) => job.worker_id === host && job.lease_expires_at !== null);
  return held?.stage ?? null;
}

/** Every attempt but the last was lost or given back; the last brought the result, and nothing came late. */
function lifeOf({ attempts, verdict, actual_integrity_hash: hash }: FullJobRecord): object {
  return {
    verdict,
    hash,
    ends: [...new Set(attempts.slice(0, -1).map(({ error_cause: cause }) => cause))].filter(
      (cause) => cause !== 'interrupted' && cause !== 'host-lost',
    ),
    last: attempts.at(-1)?.outcome,
    late: attempts.flatMap(({ late_results: late }) => late),
  };
}

test.each([{ hasSetpriv: true }, { hasSetpriv: false }])(
  `a run comes right although its workers are killed ${KILLS} times: %j`,
  { timeout: TIMEOUT_MS },
  async ({ hasSetpriv }) => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, JOBS, await slowServer(scene, 'chain', 200));
    const nodeos = await guardedNodeos(scene, {
      version: '1.2.2',
      blocksPerSecond: 4000,
      loadMs: 150,
      hashMs: 200,
    });
    const patience = ['--retries', 'interrupted=1000', '--retries', 'host-lost=1000'];
    const { url } = await scene.serve(chain.manifestPath, ['--lease', '5', ...patience]);
    const tools: Tools = { hasSetpriv, env: hasSetpriv ? {} : { PATH: await fewTools(scene) } };
    const census: Census = new Map();

    await Promise.all(
      HOSTS.map((host, index) =>
        plague(scene, url, host, nodeos, {
          kills: KILLS / HOSTS.length,
          random: seeded(SEED + index),
          census,
          tools,
        }),
      ),
    );

    const { jobs } = await statusOf(url);
    expect(jobs.map(lifeOf)).toEqual(
      chain.slices.map(({ hash }) => ({ verdict: 'VERIFIED', hash, ends: [], last: 'COMPLETE', late: [] })),
    );
    expect((await reportOf(url)).code).toBe(0);
    expect(await nodeos.violations()).toEqual([]);
    for (const host of HOSTS) await expectClean(scene, host);
    const attempts = jobs.reduce((sum, job) => sum + job.attempts.length, 0);
    const stages = STAGES.map((stage) => `${stage} ${census.get(stage) ?? 0}`);
    tell(
      `seed ${SEED}, ${hasSetpriv ? 'with' : 'without'} setpriv: ${KILLS} kills of ${HOSTS.length} workers (${stages.join(', ')}, between jobs ${census.get(null) ?? 0}), ` +
        `${attempts} attempts at ${JOBS} jobs, ${await nodeos.starts()} starts of nodeos, none twice at once`,
    );
    expect([...census.values()].reduce((sum, times) => sum + times, 0)).toBe(KILLS);
    expect(attempts).toBeGreaterThan(JOBS);
  },
);

/** A folder with the one program that the guarded nodeos needs. */
async function fewTools(scene: Scene): Promise<string> {
  await mkdir(scene.path('tools'));
  await symlink('/usr/bin/flock', scene.path('tools', 'flock'));
  return scene.path('tools');
}

function sampleChain(scene: Scene, slices: number, baseUrl?: string): Promise<SampleChain> {
  return writeSampleChain({
    folder: scene.path('chain'),
    slices,
    blocksPerSlice: 1000,
    stride: 1000,
    version: '1.2.2',
    fromGenesis: false,
    ...(baseUrl === undefined ? {} : { baseUrl }),
  });
}

/** Nothing is left in the work directory but what is meant to stay. */
async function expectClean(scene: Scene, host: Host): Promise<void> {
  expect(processesNaming(scene.path(host))).toEqual([]);
  expect((await readdir(scene.path(host))).toSorted()).toEqual(['attempts', 'logs']);
  expect(await readdir(scene.path(host, 'attempts'))).toEqual([]);
}

test(
  'a worker ends within 10 s though nodeos takes no notice and nobody answers',
  { timeout: TIMEOUT_MS },
  async () => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, 1);
    const stubborn = await scene.standIn({ version: '1.2.2', blocksPerSecond: 20, faults: 'ignore-sigterm' });
    const { url, running } = await scene.serve(chain.manifestPath);
    const worker = scene.work('alpha', url, ['--nodeos', stubborn], { stay: true });
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');

    running.kill('SIGSTOP');
    const begun = performance.now();
    worker.kill('SIGTERM');
    const { code } = await worker.finished;
    const took = performance.now() - begun;
    running.kill('SIGCONT');

    expect(code).toBe(130);
    expect(took).toBeLessThan(10_000);
    expect(processesNaming(scene.path('alpha'))).toEqual([]);
    // It could not be told, and is by the next start.
    const nodeos = await scene.standIn({ version: '1.2.2' });
    expect((await scene.work('alpha', url, ['--nodeos', nodeos]).finished).code).toBe(0);
    expect((await statusOf(url)).jobs).toMatchObject([{ status: 'COMPLETE', verdict: 'VERIFIED' }]);
  },
);
