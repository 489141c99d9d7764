/** `replay jobs logs --follow`: the log of an attempt while it grows. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { untilJob } from './support/run.ts';
import { Scene } from './support/scene.ts';

async function start() {
  const scene = await Scene.create();
  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const chain = await writeSampleChain({ folder: scene.path('chain'), slices: 1, ...shape });
  const orchestrator = await scene.serve(chain.manifestPath);
  const { url, port } = orchestrator;
  return {
    scene,
    url,
    orchestrator,
    again: () => scene.serve(chain.manifestPath, [], { port }),
    follow: (...args: string[]) =>
      scene.start(['jobs', 'logs', '1', '--follow', '--orchestrator', url, ...args]),
    work: async (blocksPerSecond: number, faults?: string) => {
      const more = faults === undefined ? {} : { faults };
      const nodeos = await scene.standIn({ version: '1.2.2', blocksPerSecond, ...more });
      return scene.work('alpha', url, ['--nodeos', nodeos]);
    },
    /** What nodeos printed, as its host keeps it. */
    printed: () => readFile(scene.path('alpha/logs/job-1-attempt-1/replay.log'), 'utf8'),
  };
}

describe('jobs logs --follow', () => {
  test('waits for the first attempt, and prints each line once until it is over', async () => {
    const { follow, work, printed } = await start();
    const following = follow();
    await following.waitFor(/Job 1 waits for a host/u);
    const worker = await work(250);
    await following.waitFor(/nodeos version/u);
    expect(worker.ended).toBe(false);
    const { code, stdout, stderr } = await following.finished;
    expect(code).toBe(0);
    expect(stderr).toBe('Job 1 waits for a host.\nAttempt 1 of job 1 ended in COMPLETE.\n');
    await worker.finished;
    expect(stdout).toBe(await printed());
  });

  test('goes on where it was when the orchestrator is killed and started again', async () => {
    const { follow, work, printed, orchestrator, again } = await start();
    const following = follow();
    const worker = await work(120);
    await following.waitFor(/nodeos version/u);
    orchestrator.running.kill('SIGKILL');
    await following.waitFor(/No answer: .* Trying again/u);
    await again();
    const { code, stdout, stderr } = await following.finished;
    expect([code, stderr]).toEqual([0, expect.stringContaining('ended in COMPLETE.\n')]);
    await worker.finished;
    expect(stdout).toBe(await printed());
  });

  test('with --json: one object a line, with the outcome', async () => {
    const { follow, work, printed } = await start();
    const worker = await work(1000, 'crash@1500');
    await worker.finished;
    const { code, stdout, stderr } = await follow('--json').finished;
    expect([code, stderr]).toEqual([0, '']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toEqual([
      {
        event: 'lines',
        job_id: 1,
        attempt: 1,
        from: 0,
        skipped: 0,
        lines: (await printed()).trimEnd().split('\n'),
      },
      {
        event: 'end',
        job_id: 1,
        attempt: 1,
        outcome: 'ERROR',
        error_cause: 'nodeos-crash',
        error_message: expect.any(String),
      },
    ]);
  });

  test('ends quietly with 130 at Ctrl-C', async () => {
    const { follow, work, url } = await start();
    await work(50);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    const following = follow();
    await following.waitFor(/nodeos version/u);
    following.kill('SIGINT');
    const { code, stderr } = await following.finished;
    expect([code, stderr]).toEqual([130, '']);
  });

  test('says on one line of JSON that there is no such job', async () => {
    const { scene, url } = await start();
    const { code, stdout } = await scene.run([
      'jobs',
      'logs',
      '9',
      '--follow',
      '--json',
      '--orchestrator',
      url,
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout.trimEnd())).toMatchObject({
      error: { code: 'JOB_NOT_FOUND' },
    });
  });
});
