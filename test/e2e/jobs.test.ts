/** What a person does about single jobs: another run, an end, a look at the log. */
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { freePort } from './support/ports.ts';
import { jobOf, untilJob } from './support/run.ts';
import { Scene } from './support/scene.ts';

async function start(slices: number, flags: string[] = []) {
  const scene = await Scene.create();
  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const chain = await writeSampleChain({ folder: scene.path('chain'), slices, ...shape });
  const { url } = await scene.serve(chain.manifestPath, flags);
  const jobs = (...args: string[]) => scene.run(['jobs', ...args, '--orchestrator', url]);
  const crash = async (name = 'alpha') => {
    const crashing = await scene.standIn({ version: '1.2.2', faults: 'crash@1500' });
    await scene.work(name, url, ['--nodeos', crashing]).finished;
  };
  const work = async (name = 'beta') => {
    const nodeos = await scene.standIn({ version: '1.2.2' });
    return scene.work(name, url, ['--nodeos', nodeos]).finished;
  };
  const workSlowly = async (name = 'slow') => {
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
    const worker = scene.work(name, url, ['--nodeos', slow]);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    return worker;
  };
  return { scene, url, jobs, crash, work, workSlowly };
}

describe('jobs retry', () => {
  test('--failed puts back what has failed, once, and a host does it', async () => {
    const { url, jobs, crash, work } = await start(2);
    await crash();
    expect((await jobOf(url, 1)).status).toBe('ERROR');
    expect((await jobOf(url, 2)).status).toBe('COMPLETE');

    const first = await jobs('retry', '--failed');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toBe('Job 1: was ERROR, and waits for a host now.\n');
    expect(await jobOf(url, 1)).toMatchObject({ status: 'WAITING_4_WORKER', attempts: [{ number: 1 }] });

    expect(await jobs('retry', '--failed')).toMatchObject({ code: 0, stdout: 'No job has failed.\n' });
    expect((await jobs('retry', '1')).stdout).toBe('Job 1: waits for a host already.\n');

    expect((await work()).code).toBe(0);
    expect(await jobOf(url, 1)).toMatchObject({ verdict: 'VERIFIED', attempt: 2, worker_id: 'beta' });
  });

  test('says of each job what became of it, as JSON too, and ends with 1 if one could not be put back', async () => {
    const { jobs, work } = await start(1);
    await work();
    const { code, stdout, stderr } = await jobs('retry', '1', '77', '1', '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      jobs: [
        {
          job_id: 1,
          done: true,
          outcome: 'queued',
          status_before: 'COMPLETE',
          message: 'was COMPLETE, and waits for a host now',
        },
        { job_id: 77, done: false, outcome: 'not-found', status_before: null, message: 'is not in this run' },
      ],
    });
  });

  test('takes a job from its host only with --force; the host then stops, and goes on with what waits', async () => {
    const { url, jobs, workSlowly } = await start(1);
    await workSlowly();
    const refused = await jobs('retry', '1');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/^Job 1: slow is at work on it \(WORKING, attempt 1\); --force/u);

    const taken = await jobs('retry', '1', '--force');
    expect(taken).toMatchObject({
      code: 0,
      stdout: 'Job 1: was taken from slow, and waits for a host now.\n',
    });
    const job = await untilJob(url, 1, 'is claimed again', ({ attempt }) => attempt === 2);
    expect(job.attempts[0]).toMatchObject({
      outcome: 'RETURNED',
      error_message: expect.stringContaining('--force'),
    });
  });

  test('needs the right admin', async () => {
    const { scene, url, jobs } = await start(1, ['--token', 'the-admin-token-of-this-test']);
    const without = await jobs('retry', '1', '--json');
    expect(without.code).toBe(5);
    expect(JSON.parse(without.stdout)).toMatchObject({
      jobs: [{ job_id: 1, done: false, outcome: 'failed' }],
      error: { code: 'ORCHESTRATOR_REFUSED' },
    });
    await scene.write('admin.token', 'the-admin-token-of-this-test\n');
    const args = ['jobs', 'retry', '1', '--orchestrator', url, '--token-file', scene.path('admin.token')];
    expect((await scene.run(args)).code).toBe(0);
  });
});

describe('usage', () => {
  test.each([
    [['retry']],
    [['retry', '1', '--failed']],
    [['retry', '--failed', '--force']],
    [['retry', 'seven']],
    [['retry', '0']],
    [['retry', '1', '--frobnicate']],
  ])('%j ends with 2', async (args) => {
    const scene = await Scene.create();
    const { code, stdout } = await scene.run(['jobs', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('an orchestrator that is not there ends with 5', async () => {
    const scene = await Scene.create();
    const address = `127.0.0.1:${await freePort()}`;
    for (const args of [
      ['retry', '1'],
      ['retry', '--failed'],
    ]) {
      const { code, stderr } = await scene.run(['jobs', ...args, '--orchestrator', address]);
      expect(code).toBe(5);
      expect(stderr).toContain('(ORCHESTRATOR_UNREACHABLE)');
    }
  });
});
