/** When a worker is done: --once, --exit-when-drained, and what their exit codes say. */
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import type { SampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { freePort } from './support/ports.ts';
import { reportOf, statusOf, untilJob } from './support/run.ts';
import { Scene } from './support/scene.ts';

async function start(slices: number) {
  const scene = await Scene.create();
  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const chain: SampleChain = await writeSampleChain({ folder: scene.path('chain'), slices, ...shape });
  const { url } = await scene.serve(chain.manifestPath);
  return { scene, chain, url };
}

describe('work --once', () => {
  test('takes one job and ends with 0 when it is complete', async () => {
    const { scene, url } = await start(2);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const { code, stdout } = await scene.work('alpha', url, ['--nodeos', nodeos, '--once'], { stay: true })
      .finished;
    expect(code).toBe(0);
    expect(stdout).toContain('[STAND-IN, not a real nodeos]');
    expect((await statusOf(url)).jobs.map(({ status }) => status)).toEqual(['COMPLETE', 'WAITING_4_WORKER']);
  });

  test('ends with 1 when it failed', async () => {
    const { scene, url } = await start(2);
    const nodeos = await scene.standIn({ version: '1.2.2', faults: 'crash@1500' });
    const { code } = await scene.work('alpha', url, ['--nodeos', nodeos, '--once'], { stay: true }).finished;
    expect(code).toBe(1);
    expect((await statusOf(url)).jobs.map(({ status }) => status)).toEqual(['ERROR', 'WAITING_4_WORKER']);
  });

  test('waits when no job does, and takes the first that is given back', async () => {
    const { scene, url } = await start(1);
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
    const first = scene.work('alpha', url, ['--nodeos', slow]);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const second = scene.work('beta', url, ['--nodeos', nodeos, '--once'], { stay: true });
    await second.waitFor(/No job waits/u);

    first.kill('SIGINT');

    expect((await first.finished).code).toBe(130);
    expect((await second.finished).code).toBe(0);
    expect((await statusOf(url)).jobs).toMatchObject([
      { verdict: 'VERIFIED', worker_id: 'beta', attempt: 2 },
    ]);
  });
});

describe('a terminal that goes away', () => {
  test('the job is given back, as with Ctrl-C', async () => {
    const { scene, url } = await start(1);
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
    const worker = scene.work('alpha', url, ['--nodeos', slow]);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');

    worker.kill('SIGHUP');

    expect((await worker.finished).code).toBe(130);
    expect((await statusOf(url)).jobs).toMatchObject([{ status: 'WAITING_4_WORKER', attempt: 1 }]);
  });

  test('does not end a worker that was started with nohup', async () => {
    const { scene, url } = await start(1);
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 1000 });
    const worker = scene.work('alpha', url, ['--nodeos', slow], { under: ['nohup'] });
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');

    worker.kill('SIGHUP');

    expect((await worker.finished).code).toBe(0);
    expect((await statusOf(url)).jobs).toMatchObject([{ verdict: 'VERIFIED', attempt: 1 }]);
  });
});

describe('work --exit-when-drained', () => {
  test('ends with 0 when there is nothing to do', async () => {
    const { scene, url } = await start(1);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    await scene.work('alpha', url, ['--nodeos', nodeos]).finished;
    const { code, stdout } = await scene.work('beta', url, ['--nodeos', nodeos]).finished;
    expect(code).toBe(0);
    expect(stdout).not.toContain('job 1');
  });

  test('ends with 0 though jobs failed: the report tells of them', async () => {
    const { scene, url } = await start(2);
    const nodeos = await scene.standIn({ version: '1.2.2', faults: 'crash@1500' });
    const { code } = await scene.work('alpha', url, ['--nodeos', nodeos]).finished;
    expect(code).toBe(0);
    expect((await statusOf(url)).jobs.map(({ status }) => status)).toEqual(['ERROR', 'COMPLETE']);
  });

  test('stays while another host holds a job that may come back', async () => {
    const { scene, url } = await start(1);
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
    const first = scene.work('alpha', url, ['--nodeos', slow]);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const second = scene.work('beta', url, ['--nodeos', nodeos]);
    await second.waitFor(/No job waits/u);
    first.kill('SIGTERM');
    expect((await first.finished).code).toBe(130);
    expect((await second.finished).code).toBe(0);
    expect((await statusOf(url)).jobs).toMatchObject([{ verdict: 'VERIFIED', worker_id: 'beta' }]);
  });
});

describe('the report of a run that is not at its end', () => {
  test('exits with 4 while nothing has failed, and counts what is done', async () => {
    const { scene, url } = await start(3);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    expect((await reportOf(url)).code).toBe(4);
    await scene.work('alpha', url, ['--nodeos', nodeos, '--once'], { stay: true }).finished;

    const report = await reportOf(url);

    expect(report.code).toBe(4);
    expect(report.text).toContain(`Run 1: NOT FINISHED. 2 of 3 jobs remain.`);
    expect(report.text).toContain(`
Blocks processed  1,000 of 3,000 (33.3 %)
Jobs succeeded    1
Jobs failed       0
Jobs remaining    2
Verdicts          1 verified, 0 mismatched, 0 pending, 0 not verifiable
`);
    expect(report.json).toMatchObject({ outcome: 'unfinished', percent_processed: 33.3, jobs_remaining: 2 });
  });

  test('exits with 1 as soon as something has failed', async () => {
    const { scene, url } = await start(3);
    const nodeos = await scene.standIn({ version: '1.2.2', faults: 'crash@1500' });
    await scene.work('alpha', url, ['--nodeos', nodeos, '--once'], { stay: true }).finished;
    const report = await reportOf(url);
    expect(report.code).toBe(1);
    expect(report.text).toContain('Run 1: FAILED. 1 of 3 jobs failed, 2 remain.');
  });

  test('says what waits for the hash of the next snapshot', async () => {
    const scene = await Scene.create();
    const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
    const chain = await writeSampleChain({
      folder: scene.path('chain'),
      slices: 2,
      ...shape,
      knownHashes: false,
    });
    const { url } = await scene.serve(chain.manifestPath);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    await scene.work('alpha', url, ['--nodeos', nodeos, '--once'], { stay: true }).finished;
    const report = await reportOf(url);
    expect(report.code).toBe(4);
    expect(report.text).toContain('Waiting for the hash of the next snapshot (1)\n  Job Id: 1, ');
    expect(report.json).toMatchObject({
      jobs_succeeded: 0,
      jobs_remaining: 2,
      pending_slices: [{ job_id: 1, actual_integrity_hash: chain.hashAt(2000) }],
    });
  });
});

describe('the name of a worker', () => {
  test('is made once and kept in its directory', async () => {
    const { scene, url } = await start(2);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const base = ['work', '--orchestrator', url, '--data-dir', 'alpha', '--nodeos', nodeos, '--once'];
    for (let run = 0; run < 2; run += 1) {
      expect((await scene.run([...base, '--min-free-disk', '0'])).code).toBe(0);
    }
    const names = (await statusOf(url)).jobs.map(({ worker_id }) => worker_id);
    expect(names[0]).toMatch(/^.+-[\da-z]{4,}$/u);
    expect(names[1]).toBe(names[0]);
  });
});

describe('an orchestrator that cannot be reached', () => {
  test('is asked again until it is there', async () => {
    const scene = await Scene.create();
    const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
    const chain = await writeSampleChain({ folder: scene.path('chain'), slices: 1, ...shape });
    const port = await freePort();
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const worker = scene.work('alpha', `http://127.0.0.1:${port}`, ['--nodeos', nodeos]);
    await worker.waitFor(/Asking again/u);
    const { url } = await scene.serve(chain.manifestPath, [], { port });
    expect((await worker.finished).code).toBe(0);
    expect((await statusOf(url)).jobs).toMatchObject([{ verdict: 'VERIFIED' }]);
  });
});
