/** A run on hosts of its own network, whose links break while it goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { resolve } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { REPLAY } from '../e2e/support/replay.ts';
import type { StatusJson } from '../e2e/support/run.ts';
import { Scene } from '../e2e/support/scene.ts';
import { until } from '../e2e/support/until.ts';
import { Program } from './support/program.ts';
import { seeded } from './support/random.ts';
import { SEED, SOAK, tell, TIMEOUT_MS } from './support/soak.ts';
import { TestNetwork } from './support/test-network.ts';

const RELAY = resolve(import.meta.dirname, 'support/slow-relay.ts');
const PORT = 4000;
const LEASE_SECONDS = 4;
const LEASE_MS = LEASE_SECONDS * 1000;
const DELAY_MS = 300;
const FAULTS = SOAK ? 40 : 2;
const WORKERS = ['alpha', 'beta', 'gamma'] as const;
const TOKEN = 'a-token-for-this-test-only-0123456789';

interface Run {
  network: TestNetwork;
  workers: readonly Program[];
  relay: Program;
  status: () => Promise<StatusJson>;
}

/** An orchestrator and three workers at work, each on a host of its own; gamma's line is a long one. */
async function startRun(slices: number): Promise<Run> {
  const scene = await Scene.create();
  const shape = { slices, blocksPerSlice: 400, stride: 400, version: '1.2.2', knownHashes: false };
  const chain = await writeSampleChain({ folder: scene.path('chain'), ...shape });
  const nodeos = await scene.standIn({ version: '1.2.2', blocksPerSecond: 250 });
  const network = await TestNetwork.create(scene, ['orchestrator', ...WORKERS]);
  const env = { REPLAY_TOKEN: TOKEN };
  const { address, on } = network.host('orchestrator');

  const where = ['--host', address, '--port', String(PORT), '--data-dir', scene.path('data')];
  const lease = ['--lease', String(LEASE_SECONDS)];
  const serve = [REPLAY, 'serve', '--config', chain.manifestPath, ...where, ...lease, '--log-level', 'warn'];
  await new Program(scene, on(...serve), env).mustPrint(/Orchestrator: http:/u);
  const relayed = [process.execPath, RELAY, String(PORT), address, String(PORT), String(DELAY_MS)];
  const relay = new Program(scene, network.onRouter(...relayed));
  await relay.mustPrint(/relaying/u);

  const workers = WORKERS.map((name) => {
    const host = network.host(name);
    const url = `http://${name === 'gamma' ? host.gateway : address}:${PORT}`;
    const base = ['work', '--orchestrator', url, '--data-dir', scene.path(name), '--worker-id', name];
    const how = [
      '--nodeos',
      nodeos,
      '--min-free-disk',
      '0',
      '--progress-interval',
      '1',
      '--exit-when-drained',
    ];
    return new Program(scene, host.on(REPLAY, ...base, ...how), env);
  });
  const asking = on(REPLAY, 'status', '--orchestrator', `http://${address}:${PORT}`, '--json');
  const status = async (): Promise<StatusJson> => {
    const { output } = await new Program(scene, asking, env).finished;
    return JSON.parse(output) as StatusJson;
  };
  return { network, workers, relay, status };
}

/** Announces, and leaves out, what cannot run where network namespaces are not to be had. */
function leaveOutOnRequest(context: TestContext): void {
  if (process.env['REPLAY_NO_NETNS'] !== '1') return;
  tell(`NOT RUN, because of REPLAY_NO_NETNS=1: "${context.task.name}". Nothing was proved about networks.`);
  context.skip('REPLAY_NO_NETNS=1');
}

/** Waits for a job that the worker has begun to replay; returns its number. */
function workingJob({ status }: Run, worker: string): Promise<number> {
  return until(`${worker} replays`, async () => {
    await sleep(200);
    const { jobs } = await status();
    return jobs.find((job) => job.worker_id === worker && job.status === 'WORKING')?.job_id;
  });
}

/** Waits for the workers to find nothing more to do; returns what came of the run, for all to see. */
async function endOf({
  workers,
  status,
}: Run): Promise<{ codes: (number | null)[]; ended: StatusJson; lost: number }> {
  const codes = (await Promise.all(workers.map(({ finished }) => finished))).map(({ code }) => code);
  const ended = await status();
  const attempts = ended.jobs.flatMap((job) => job.attempts.slice(0, -1));
  return { codes, ended, lost: attempts.length };
}

/** What came of the run, to be compared with `ALL_RIGHT`. */
function judge({ codes, ended }: Awaited<ReturnType<typeof endOf>>): object {
  const { jobs, summary } = ended;
  const causes = jobs.flatMap(({ attempts }) => attempts.slice(0, -1).map(({ error_cause: cause }) => cause));
  return {
    codes,
    statuses: [...new Set(jobs.map(({ status }) => status))],
    verdicts: [...new Set(jobs.slice(0, -1).map(({ verdict }) => verdict))],
    // The manifest knows no hash, and no slice starts where the last one ends.
    lastVerdict: jobs.at(-1)?.verdict,
    otherCauses: causes.filter((cause) => cause !== 'host-lost'),
    findings: [...summary.suspect_snapshots, ...summary.hash_conflicts],
  };
}

const ALL_RIGHT = {
  codes: WORKERS.map(() => 0),
  statuses: ['COMPLETE'],
  verdicts: ['VERIFIED'],
  lastVerdict: 'UNVERIFIABLE',
  otherCauses: [],
  findings: [],
};

describe('a run over links that break', { timeout: TIMEOUT_MS }, () => {
  test('cut for longer than the lease, one-way in each direction, 300 ms away, and healed: every job ends right', async (context) => {
    leaveOutOnRequest(context);
    const run = await startRun(9);
    const { network } = run;

    const lostJob = await workingJob(run, 'alpha');
    await network.break('alpha', 'cut');
    await workingJob(run, 'beta');
    for (const fault of ['hears-nothing', 'is-not-heard'] as const) {
      await network.break('beta', fault);
      await sleep(1500);
      await network.heal('beta');
      await sleep(500);
    }
    const attempts = await until('the job of the host that was cut off is given to another', async () => {
      await sleep(200);
      const job = (await run.status()).jobs[lostJob - 1]!;
      return job.attempts[0]?.outcome === null ? null : job.attempts;
    });
    await network.heal('alpha');
    run.relay.kill('SIGUSR2');
    const end = await endOf(run);

    expect(judge(end)).toEqual(ALL_RIGHT);
    expect(attempts[0]).toMatchObject({ worker_id: 'alpha', error_cause: 'host-lost' });
    expect(end.ended.jobs[lostJob - 1]!.attempts.length).toBeGreaterThan(1);
    tell(`4 faults, ${end.ended.jobs.length} jobs, ${end.lost} attempts lost to them, no verdict wrong`);
  });

  test(`${FAULTS} links broken and healed at random: every job ends right`, async (context) => {
    leaveOutOnRequest(context);
    const run = await startRun(SOAK ? 90 : 4);
    const random = seeded(SEED);
    const done: string[] = [];
    while (done.length < FAULTS) {
      const worker = WORKERS[random.between(0, WORKERS.length)]!;
      const fault = (['cut', 'silent', 'hears-nothing', 'is-not-heard'] as const)[random.between(0, 4)]!;
      await sleep(random.between(200, 1500));
      await run.network.break(worker, fault);
      await sleep(random.between(300, SOAK ? 2.5 * LEASE_MS : LEASE_MS / 2));
      await run.network.heal(worker);
      done.push(fault);
    }
    const end = await endOf(run);

    expect(judge(end)).toEqual(ALL_RIGHT);
    const counted = [...new Set(done)].map(
      (fault) => `${fault} ${done.filter((one) => one === fault).length}`,
    );
    tell(
      `seed ${SEED}: ${FAULTS} faults (${counted.join(', ')}), ${end.ended.jobs.length} jobs, ${end.lost} attempts lost to them, no verdict wrong`,
    );
  });
});
