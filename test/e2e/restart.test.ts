/** Orchestrators and workers that stop, die and come back in the middle of a run. */
import { mkdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import type { SampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import type { StandInWrapper } from '../../src/nodeos/stand-in/wrapper.ts';
import { start as startHttp } from '../support/http-file-server/index.ts';
import { processesNaming } from './support/processes.ts';
import type { Finished, Running } from './support/replay.ts';
import { reportOf, statusOf, untilJob } from './support/run.ts';
import { Scene } from './support/scene.ts';
import { until } from './support/until.ts';

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

/** Waits for the end of a program that was told to end, and says how long it took. */
async function endedAfter(running: Running, signal: NodeJS.Signals): Promise<Finished & { ms: number }> {
  const begun = performance.now();
  running.kill(signal);
  const end = await running.finished;
  return { ...end, ms: performance.now() - begun };
}

describe('the orchestrator', () => {
  test('killed in the middle of a run and started again, goes on: same jobs, right results', async () => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, 5);
    const nodeos = await scene.standIn({ version: '1.2.2', blocksPerSecond: 1500 });
    const first = await scene.serve(chain.manifestPath);
    const workers = ['alpha', 'beta'].map((name) => scene.work(name, first.url, ['--nodeos', nodeos]));
    await untilJob(first.url, 2, 'is being replayed', ({ status }) => status === 'WORKING');
    const before = (await statusOf(first.url)).jobs;

    await endedAfter(first.running, 'SIGKILL');
    await Promise.all(
      workers.map((worker) => worker.waitFor(/The work goes on; its reports are sent later/u)),
    );
    const second = await scene.serve(chain.manifestPath, [], { port: first.port });

    const ends = await Promise.all(workers.map(({ finished }) => finished));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const { summary, jobs } = await statusOf(second.url);
    expect(summary.run_id).toBe(1);
    const identity = ({ job_id, start_block_num }: (typeof jobs)[number]): unknown => [
      job_id,
      start_block_num,
    ];
    expect(jobs.map(identity)).toEqual(before.map(identity));
    // No attempt was wasted: what the workers held when it died they brought to an end.
    expect(jobs).toMatchObject(
      chain.slices.map(({ hash }) => ({ attempt: 1, verdict: 'VERIFIED', actual_integrity_hash: hash })),
    );
    expect((await reportOf(second.url)).code).toBe(0);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends within 5 s with 0 when it gets %s', async (signal) => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, 2);
    const nodeos = await scene.standIn({ version: '1.2.2', blocksPerSecond: 100 });
    const { running, url } = await scene.serve(chain.manifestPath);
    scene.work('alpha', url, ['--nodeos', nodeos]);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');

    const { code, ms } = await endedAfter(running, signal);

    expect(code).toBe(0);
    expect(ms).toBeLessThan(5000);
  });

  test('begins a new run when the manifest has become another one, and keeps the old one', async () => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, 2);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const first = await scene.serve(chain.manifestPath);
    await scene.work('alpha', first.url, ['--nodeos', nodeos]).finished;
    await endedAfter(first.running, 'SIGTERM');

    const longer = await sampleChain(scene, 3);
    const second = await scene.serve(longer.manifestPath);
    const fresh = await statusOf(second.url);
    expect(fresh.summary).toMatchObject({ run_id: 2, total_jobs: 3, jobs_remaining: 3 });
    await endedAfter(second.running, 'SIGTERM');

    const shorter = await sampleChain(scene, 2);
    const third = await scene.serve(shorter.manifestPath);
    expect((await statusOf(third.url)).summary.total_jobs).toBe(2);
  });
});

describe('a worker that is told to stop', () => {
  /** What nodeos is doing when Ctrl-C comes. */
  const moments: [string, Partial<StandInWrapper>, string][] = [
    ['nodeos loads the snapshot', { loadMs: 60_000 }, 'load'],
    ['nodeos replays', { blocksPerSecond: 50 }, 'replay'],
    ['nodeos computes the start hash', { hashMs: 60_000 }, 'load'],
    [
      'nodeos takes no notice of a request to stop',
      { blocksPerSecond: 50, faults: 'ignore-sigterm' },
      'replay',
    ],
  ];

  test.each(moments)('while %s gives the job back, and another worker does it', async (_when, how, stage) => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, 1);
    const { url } = await scene.serve(chain.manifestPath);
    const slow = await scene.standIn({ version: '1.2.2', ...how });
    const worker = scene.work('alpha', url, ['--nodeos', slow]);
    await untilJob(url, 1, `is in stage ${stage}`, (job) => job.stage === stage);
    await until('nodeos', () => processesNaming(scene.path('alpha', 'attempts')).length > 0);

    const { code, ms } = await endedAfter(worker, 'SIGINT');

    expect(code).toBe(130);
    expect(ms).toBeLessThan(10_000);
    expect(processesNaming(scene.path('alpha'))).toEqual([]);
    const [job] = (await statusOf(url)).jobs;
    expect(job).toMatchObject({ status: 'WAITING_4_WORKER', attempt: 1, worker_id: null });
    expect(job!.attempts).toMatchObject([
      { number: 1, worker_id: 'alpha', outcome: 'RETURNED', error_cause: 'interrupted' },
    ]);

    const nodeos = await scene.standIn({ version: '1.2.2' });
    expect((await scene.work('beta', url, ['--nodeos', nodeos]).finished).code).toBe(0);
    expect((await statusOf(url)).jobs).toMatchObject([
      { status: 'COMPLETE', verdict: 'VERIFIED', attempt: 2, worker_id: 'beta' },
    ]);
  });

  test('while the snapshot is being fetched gives the job back', async () => {
    const scene = await Scene.create();
    const server = await startHttp({
      root: scene.path('chain'),
      faults: { 'snapshots/snapshot-2026-01-01-00-sample-v8-0000001000.bin.zst': { stallAfter: 100 } },
    });
    scene.onEnd(() => server.close());
    const chain = await sampleChain(scene, 1, `${server.url}/`);
    const { url } = await scene.serve(chain.manifestPath);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const worker = scene.work('alpha', url, ['--nodeos', nodeos]);
    await until('the request for the snapshot', () =>
      server.requests.some(({ path }) => path.startsWith('snapshots/')),
    );

    const { code, ms } = await endedAfter(worker, 'SIGINT');

    expect(code).toBe(130);
    expect(ms).toBeLessThan(10_000);
    expect((await statusOf(url)).jobs).toMatchObject([{ status: 'WAITING_4_WORKER', worker_id: null }]);
  });

  test('while it waits for a job ends at once', async () => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, 1);
    const { url } = await scene.serve(chain.manifestPath);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const worker = scene.work('alpha', url, ['--nodeos', nodeos], { stay: true });
    await worker.waitFor(/No job waits/u);
    const { code, ms } = await endedAfter(worker, 'SIGTERM');
    expect(code).toBe(130);
    expect(ms).toBeLessThan(2000);
  });

  test('while the orchestrator is away ends in time too, and gives the job back when it is started again', async () => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, 1);
    const first = await scene.serve(chain.manifestPath);
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
    const worker = scene.work('alpha', first.url, ['--nodeos', slow]);
    await untilJob(first.url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    await endedAfter(first.running, 'SIGKILL');

    const { code, ms } = await endedAfter(worker, 'SIGINT');
    expect(code).toBe(130);
    expect(ms).toBeLessThan(10_000);

    const second = await scene.serve(chain.manifestPath, [], { port: first.port });
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const again = await scene.work('alpha', second.url, ['--nodeos', nodeos]).finished;
    expect(again.code).toBe(0);
    expect((await statusOf(second.url)).jobs).toMatchObject([
      { status: 'COMPLETE', verdict: 'VERIFIED', attempt: 2 },
    ]);
  });
});

describe('a worker that is killed', () => {
  test('takes its nodeos with it, and a new one on the same directory starts clean', async () => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, 1);
    const { url } = await scene.serve(chain.manifestPath);
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
    const worker = scene.work('alpha', url, ['--nodeos', slow]);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');

    await endedAfter(worker, 'SIGKILL');

    await until('the end of nodeos', () => processesNaming(scene.path('alpha')).length === 0, 2000);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const again = await scene.work('alpha', url, ['--nodeos', nodeos]).finished;
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("Job 1 of the worker's last run: given back.");
    expect((await statusOf(url)).jobs).toMatchObject([
      {
        status: 'COMPLETE',
        verdict: 'VERIFIED',
        attempt: 2,
        attempts: [{ outcome: 'RETURNED', error_cause: 'interrupted' }, { outcome: 'COMPLETE' }],
      },
    ]);
  });

  test('on a host without setpriv leaves a nodeos behind, which the next worker ends', async () => {
    const scene = await Scene.create();
    await mkdir(scene.path('no-tools'));
    const env = { PATH: scene.path('no-tools') };
    const chain = await sampleChain(scene, 1);
    const { url } = await scene.serve(chain.manifestPath);
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
    const worker = scene.work('alpha', url, ['--nodeos', slow], { env });
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    await endedAfter(worker, 'SIGKILL');
    const [left] = processesNaming(scene.path('alpha'));
    expect(left).toBeDefined();

    const nodeos = await scene.standIn({ version: '1.2.2' });
    const again = await scene.work('alpha', url, ['--nodeos', nodeos], { env }).finished;

    expect(again.code).toBe(0);
    expect(again.stdout).toContain(`A nodeos that was left running (pid ${left!.pid}) was ended.`);
    expect((await statusOf(url)).jobs).toMatchObject([{ verdict: 'VERIFIED', attempt: 2 }]);
  });
});

describe('a second worker', () => {
  test('cannot use the directory of a running one: exit code 6, and it says whose it is', async () => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, 1);
    const { url } = await scene.serve(chain.manifestPath);
    const nodeos = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
    const first = scene.work('alpha', url, ['--nodeos', nodeos]);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');

    const { code, stderr } = await scene.work('alpha', url, ['--nodeos', nodeos]).finished;

    expect(code).toBe(6);
    expect(stderr).toContain(`is held by process ${first.child.pid}`);
    expect((await statusOf(url)).jobs).toMatchObject([{ status: 'WORKING', attempt: 1 }]);
  });
});
