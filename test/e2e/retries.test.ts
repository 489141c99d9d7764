/** A failure is followed by another attempt on another host, as often as its cause allows. */
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { jobOf, reportOf, untilJob } from './support/run.ts';
import { Scene } from './support/scene.ts';

async function start(flags: string[]) {
  const scene = await Scene.create();
  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const chain = await writeSampleChain({ folder: scene.path('chain'), slices: 1, ...shape });
  const { url } = await scene.serve(chain.manifestPath, flags);
  const nodeos = await scene.standIn({ version: '1.2.2' });
  const faulty = (faults: string) => scene.standIn({ version: '1.2.2', faults });
  return { scene, chain, url, nodeos, faulty };
}

describe('a slice that fails on one host', () => {
  test('is done by another', async () => {
    const { scene, url, nodeos, faulty } = await start(['--retries', 'nodeos-crash=1']);
    const crashing = await faulty('crash@1500');
    await scene.work('alpha', url, ['--nodeos', crashing, '--once'], { stay: true }).finished;
    expect(await jobOf(url, 1)).toMatchObject({
      status: 'WAITING_4_WORKER',
      error_cause: 'nodeos-crash',
      avoided_workers: ['alpha'],
    });
    expect((await scene.work('beta', url, ['--nodeos', nodeos]).finished).code).toBe(0);
    expect(await jobOf(url, 1)).toMatchObject({
      verdict: 'VERIFIED',
      worker_id: 'beta',
      attempts: [{ outcome: 'ERROR', error_cause: 'nodeos-crash' }, { outcome: 'COMPLETE' }],
    });
    expect((await reportOf(url)).code).toBe(0);
  });

  test('that is gone for good is done by another when the lease is over', async () => {
    const { scene, url, nodeos } = await start(['--lease', '2']);
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
    const lost = scene.work('alpha', url, ['--nodeos', slow]);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    lost.kill('SIGKILL');
    expect((await scene.work('beta', url, ['--nodeos', nodeos]).finished).code).toBe(0);
    expect(await jobOf(url, 1)).toMatchObject({
      verdict: 'VERIFIED',
      attempts: [
        { worker_id: 'alpha', outcome: 'TIMEOUT', error_cause: 'host-lost' },
        { worker_id: 'beta', outcome: 'COMPLETE' },
      ],
    });
  });
});

describe('a wrong hash under --confirm-mismatch', () => {
  test('that another host sees too is a mismatch', async () => {
    const { scene, url, faulty } = await start(['--confirm-mismatch']);
    const wrong = await faulty('wrong-hash@1500');
    for (const host of ['alpha', 'beta']) {
      await scene.work(host, url, ['--nodeos', wrong, '--once'], { stay: true }).finished;
    }
    expect(await jobOf(url, 1)).toMatchObject({ status: 'HASH_MISMATCH', attempt: 2 });
    expect((await reportOf(url)).code).toBe(1);
  });

  test('that another host does not see is reported beside its verdict', async () => {
    const { scene, url, nodeos, faulty } = await start(['--confirm-mismatch']);
    const wrong = await faulty('wrong-hash@1500');
    await scene.work('alpha', url, ['--nodeos', wrong, '--once'], { stay: true }).finished;
    await scene.work('beta', url, ['--nodeos', nodeos]).finished;
    const job = await jobOf(url, 1);
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED', worker_id: 'beta' });
    const { text } = await reportOf(url);
    expect(text).toContain('Hash conflicts (1)');
    for (const { number, worker_id, actual_integrity_hash } of job.attempts) {
      expect(text).toContain(
        `attempt ${number} of this slice (${worker_id}) arrived at ${actual_integrity_hash}`,
      );
    }
  });
});
