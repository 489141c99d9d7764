/**
 * The orchestrator has done what the worker asked, but the worker does not learn of it. The worker must
 * neither do it twice nor leave a job behind that nobody works on.
 */
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import type { SampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { type Proxy, startProxy } from './support/proxy.ts';
import { statusOf } from './support/run.ts';
import { Scene } from './support/scene.ts';

/** An orchestrator with one slice from a snapshot, and the proxy before it. */
async function start(): Promise<{ scene: Scene; chain: SampleChain; url: string; proxy: Proxy }> {
  const scene = await Scene.create();
  const shape = { slices: 1, blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const chain = await writeSampleChain({ folder: scene.path('chain'), ...shape });
  const { url } = await scene.serve(chain.manifestPath);
  return { scene, chain, url, proxy: await startProxy(scene, url) };
}

const STEPS = ['"status":"STARTED"', '"status":"LOADING_SNAPSHOT"', '"status":"WORKING"'];

describe('the connection breaks after the orchestrator has carried out', () => {
  test.each([...STEPS, '"integrity_hash"', '"status":"COMPLETE"'])(
    '%s: the work goes on in the same attempt',
    async (message) => {
      const { scene, chain, url, proxy } = await start();
      const nodeos = await scene.standIn({ version: '1.2.2' });
      const lost = proxy.lose(message, 'dropped');
      const worker = scene.work('alpha', proxy.url, ['--nodeos', nodeos]);
      await lost;
      expect((await worker.finished).code).toBe(0);
      expect((await statusOf(url)).jobs).toMatchObject([
        {
          status: 'COMPLETE',
          verdict: 'VERIFIED',
          attempt: 1,
          worker_id: 'alpha',
          actual_integrity_hash: chain.hashAt(2000),
        },
      ]);
    },
  );
});

describe('the worker is told to stop while it waits for the answer to', () => {
  test.each(STEPS)('%s: it gives the job back', async (message) => {
    const { scene, url, proxy } = await start();
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
    const held = proxy.lose(message, 'held');
    const worker = scene.work('alpha', proxy.url, ['--nodeos', slow]);
    await held;

    worker.kill('SIGINT');

    expect((await worker.finished).code).toBe(130);
    expect((await statusOf(url)).jobs).toMatchObject([
      {
        status: 'WAITING_4_WORKER',
        worker_id: null,
        attempts: [{ outcome: 'RETURNED', error_cause: 'interrupted' }],
      },
    ]);
  });

  test('"status":"COMPLETE": the result stands', async () => {
    const { scene, url, proxy } = await start();
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const held = proxy.lose('"status":"COMPLETE"', 'held');
    const worker = scene.work('alpha', proxy.url, ['--nodeos', nodeos]);
    await held;

    worker.kill('SIGINT');

    expect((await worker.finished).code).toBe(130);
    expect((await statusOf(url)).jobs).toMatchObject([
      { status: 'COMPLETE', verdict: 'VERIFIED', attempt: 1 },
    ]);
  });
});

describe('the worker is killed while it waits for the answer to', () => {
  test('"status":"COMPLETE": started again, it does not do the job again', async () => {
    const { scene, url, proxy } = await start();
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const held = proxy.lose('"status":"COMPLETE"', 'held');
    const worker = scene.work('alpha', proxy.url, ['--nodeos', nodeos]);
    await held;
    worker.kill('SIGKILL');
    await worker.finished;

    const again = await scene.work('alpha', proxy.url, ['--nodeos', nodeos]).finished;

    expect(again.code).toBe(0);
    expect((await statusOf(url)).jobs).toMatchObject([
      { status: 'COMPLETE', verdict: 'VERIFIED', attempt: 1 },
    ]);
  });

  test.each(STEPS)('%s: started again, it gives the job back and does it', async (message) => {
    const { scene, url, proxy } = await start();
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
    const held = proxy.lose(message, 'held');
    const worker = scene.work('alpha', proxy.url, ['--nodeos', slow]);
    await held;
    worker.kill('SIGKILL');
    await worker.finished;

    const nodeos = await scene.standIn({ version: '1.2.2' });
    const again = await scene.work('alpha', proxy.url, ['--nodeos', nodeos]).finished;

    expect(again.code).toBe(0);
    expect((await statusOf(url)).jobs).toMatchObject([
      { status: 'COMPLETE', verdict: 'VERIFIED', attempt: 2 },
    ]);
  });
});
