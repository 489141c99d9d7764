/** What a person does about single jobs: another run, an end, a look at the log. */
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { freePort } from './support/ports.ts';
import { replay } from './support/replay.ts';
import { jobOf, untilJob } from './support/run.ts';
import { Scene } from './support/scene.ts';
import { until } from './support/until.ts';
import { exchange } from './support/wire.ts';

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
  const workSlowly = async (name = 'slow', blocksPerSecond = 50) => {
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond });
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

describe('jobs cancel', () => {
  test('ends a job that a host is at work on, for good, and the host goes on with another', async () => {
    const { url, jobs, workSlowly } = await start(2, ['--retries', 'all=5']);
    const host = await workSlowly();
    const cancelled = await jobs('cancel', '1');
    expect(cancelled).toMatchObject({
      code: 0,
      stdout: 'Job 1: was taken from slow and ended for good.\n',
      stderr: '',
    });
    await untilJob(url, 2, 'is claimed', ({ worker_id: worker }) => worker === 'slow');
    expect(host.ended).toBe(false);
    const message = expect.stringContaining('replay jobs cancel') as string;
    expect(await jobOf(url, 1)).toMatchObject({
      status: 'ERROR',
      error_cause: null,
      error_message: message,
      attempts: [{ number: 1, outcome: 'ERROR', error_message: message }],
    });
    expect(await jobs('cancel', '1')).toMatchObject({
      code: 0,
      stdout: 'Job 1: is at its end already: ERROR.\n',
    });
  });

  test('says that a job that waits cannot be cancelled', async () => {
    const { url, jobs } = await start(1);
    const { code, stdout, stderr } = await jobs('cancel', '1', '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      jobs: [{ job_id: 1, done: false, outcome: 'waiting', status_before: 'WAITING_4_WORKER' }],
    });
    expect(await jobOf(url, 1)).toMatchObject({ status: 'WAITING_4_WORKER', attempt: 0 });
  });
});

/** What `replay status --slice 1` has of the log. */
async function logInStatus(url: string): Promise<{ attempt: number; lines: string[] } | null> {
  const { stdout } = await replay(['status', '--slice', '1', '--json', '--orchestrator', url]);
  return (JSON.parse(stdout) as { log: Awaited<ReturnType<typeof logInStatus>> }).log;
}

/** An attempt of which nothing is ever heard. */
async function claimByHand(url: string): Promise<void> {
  const offered = await exchange(url, 'GET', '/job?nextjob');
  const headers = { 'If-Match': String(offered.headers['etag']) };
  const body = '{"status": "STARTED"}';
  expect((await exchange(url, 'POST', '/job?jobid=1', { headers, body })).status).toBe(200);
}

describe('jobs logs', () => {
  test('prints the lines of an attempt at work, and of one that went well', async () => {
    const { url, jobs, workSlowly } = await start(1);
    await workSlowly('slow', 250);
    await until('the first lines', async () => (await jobs('logs', '1')).stdout.includes('nodeos'));
    expect(await logInStatus(url)).toMatchObject({ attempt: 1 });
    await untilJob(url, 1, 'is done', ({ status }) => status === 'COMPLETE');
    const { lines } = JSON.parse((await jobs('logs', '1', '--json')).stdout) as { lines: string[] };
    expect(lines.at(-1)).toContain('nodeos successfully exiting');
  });

  test('prints the last lines of an attempt that failed, of the last one unless another is named', async () => {
    const { jobs, crash } = await start(1);
    await crash('alpha');
    await jobs('retry', '1');
    await crash('beta');
    const text = await jobs('logs', '1');
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/^\S+ +\S+ nodeos /mu);
    const logOf = async (...args: string[]) =>
      JSON.parse((await jobs('logs', '1', '--json', ...args)).stdout) as { lines: string[] };
    const last = await logOf();
    expect(last).toMatchObject({ job_id: 1, attempt: 2, worker_id: 'beta', outcome: 'ERROR' });
    expect(`${last.lines.join('\n')}\n`).toBe(text.stdout);
    expect(await logOf('--attempt', '1')).toMatchObject({ attempt: 1, worker_id: 'alpha' });
  });

  test('says why there is none', async () => {
    const { url, jobs } = await start(1);
    const before = await jobs('logs', '1');
    expect(before).toMatchObject({ code: 1, stdout: '' });
    expect(before.stderr).toContain('Job 1 has had no attempt yet.');
    await claimByHand(url);
    const silent = await jobs('logs', '1');
    expect(silent).toMatchObject({ code: 1, stdout: '' });
    expect(silent.stderr).toContain('There is no log of attempt 1 of job 1, which is not over.');
    expect((await jobs('logs', '1', '--attempt', '2')).stderr).toContain(
      'Job 1 has no attempt 2; its last is 1.',
    );
    expect((await jobs('logs', '9')).stderr).toContain('There is no job 9 in this run.');
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
    [['cancel']],
    [['cancel', 'all']],
    [['logs']],
    [['logs', '1', '2']],
    [['logs', '1', '--attempt', '0']],
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
