/** What a worker does with its lease: it keeps it, and notices when it is lost. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { orchestratorClient } from '../../src/core/protocol/client.ts';
import { type SampleChain, writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { processesNaming } from '../e2e/support/processes.ts';
import { jobOf, untilJob } from '../e2e/support/run.ts';
import { Scene } from '../e2e/support/scene.ts';
import { until } from '../e2e/support/until.ts';
import { slowServer } from './support/slow-server.ts';

/** The shortest that there is. */
const LEASE = ['--lease', '2'];

function sampleChain(scene: Scene, more: { slices?: number; baseUrl?: string } = {}): Promise<SampleChain> {
  return writeSampleChain({
    folder: scene.path('chain'),
    slices: 1,
    blocksPerSlice: 1000,
    stride: 1000,
    version: '1.2.2',
    fromGenesis: false,
    compress: false,
    ...more,
  });
}

/** Another worker, of which only the signs of life are real. It holds job 1 until the test is over. */
async function holdAsAnother(scene: Scene, url: string): Promise<{ refusals: unknown[] }> {
  const client = orchestratorClient({ baseUrl: url, workerId: 'other' });
  const offer = await client.nextJob();
  let etag = await client.update(1, offer!.etag, { status: 'STARTED' });
  const refusals: unknown[] = [];
  const sign = async (): Promise<void> => {
    try {
      etag = await client.update(1, etag, { status: 'STARTED' });
    } catch (error) {
      refusals.push(error);
    }
  };
  const timer = setInterval(() => void sign(), 400);
  scene.onEnd(async () => clearInterval(timer));
  return { refusals };
}

test(
  'a lease of 2 s is kept while nothing is to be told for longer, in every stage',
  { timeout: 60_000 },
  async () => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, { baseUrl: await slowServer(scene, 'chain', 2500) });
    const nodeos = await scene.standIn({ version: '1.2.2', loadMs: 2500, hashMs: 2500 });
    const { url } = await scene.serve(chain.manifestPath, LEASE);

    // The lease alone makes the worker speak.
    const silent = ['--once', '--min-free-disk', '0', '--progress-interval', '3600'];
    const place = ['--orchestrator', url, '--data-dir', scene.path('alpha'), '--nodeos', nodeos];
    const { code } = await scene.run(['work', ...place, ...silent]);

    expect(code).toBe(0);
    const job = await jobOf(url, 1);
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED', attempt: 1, lease_seconds: 2 });
    // Each of them was longer than the lease.
    expect(job.stage_times.fetch).toBeGreaterThan(2000);
    expect(job.stage_times.load).toBeGreaterThan(2000);
    expect(job.stage_times.hash).toBeGreaterThan(2000);
  },
);

test(
  'a worker that was away for longer than its lease stops nodeos, cleans up and takes other work',
  { timeout: 60_000 },
  async () => {
    const scene = await Scene.create();
    const chain = await sampleChain(scene, { slices: 2 });
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 5, faults: 'ignore-sigterm' });
    const { url } = await scene.serve(chain.manifestPath, LEASE);
    const worker = scene.work('alpha', url, ['--nodeos', slow], { stay: true });
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    const [nodeos] = processesNaming(scene.path('alpha', 'attempts', 'job-1-attempt-1'));

    worker.kill('SIGSTOP');
    await untilJob(url, 1, 'is taken from it', ({ status }) => status === 'WAITING_4_WORKER');
    const other = await holdAsAnother(scene, url);
    const begun = performance.now();
    worker.kill('SIGCONT');

    await worker.waitFor(/job 1: .*dropped: somebody else changed it/u);
    await until('the end of its nodeos', () => !existsSync(`/proc/${nodeos!.pid}`));
    expect(performance.now() - begun).toBeLessThan(10_000);
    await untilJob(url, 2, 'is taken', (job) => job.worker_id === 'alpha');
    expect(existsSync(scene.path('alpha', 'attempts', 'job-1-attempt-1'))).toBe(false);
    // Whoever holds it now was never disturbed.
    expect(other.refusals).toEqual([]);
    const job = await jobOf(url, 1);
    expect(job).toMatchObject({ status: 'STARTED', worker_id: 'other', attempt: 2 });
    expect(job.attempts).toMatchObject([
      { worker_id: 'alpha', error_cause: 'host-lost', late_results: [] },
      { worker_id: 'other', outcome: null },
    ]);
  },
);
