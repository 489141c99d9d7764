import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../../src/core/domain/exit-codes.ts';
import { createWorkScene } from './support/work-scene.ts';

describe('a worker', () => {
  it('takes all slices of a chain from the claim to a verdict', async () => {
    const scene = await createWorkScene();
    await expect(scene.work()).resolves.toBe('done');
    const jobs = await scene.client.status();
    const results = jobs.map(({ status, verdict, actual_integrity_hash: hash }) => ({
      status,
      verdict,
      hash,
    }));
    expect(results).toEqual(
      scene.chain.slices.map(({ hash }) => ({ status: 'COMPLETE', verdict: 'VERIFIED', hash })),
    );
    expect(jobs[1]).toMatchObject({
      last_block_processed: scene.chain.slices[1]?.endBlock,
      nodeos_version: expect.stringContaining('stand-in'),
      attempt: 1,
    });
    expect(Object.keys(jobs[1]?.stage_times ?? {})).toEqual(['install', 'fetch', 'load', 'replay', 'hash']);
    const work = join(scene.folder, 'work');
    expect(await readdir(join(work, 'attempts'))).toEqual([]);
    expect(await readdir(work)).not.toContain('held-job.json');
    expect(await readdir(join(work, 'logs'))).toHaveLength(3);
    expect(scene.lines).toContainEqual(expect.stringContaining('[STAND-IN, not a real nodeos]'));
  });

  it('shares the slices with others on the same machine', async () => {
    const scene = await createWorkScene({ slices: 6 });
    const nodeosPath = await scene.nodeos();
    const names = ['a', 'b', 'c'];
    const ends = await Promise.all(
      names.map((name) => scene.work({ nodeosPath, workerId: name, dataDir: join(scene.folder, name) })),
    );
    expect(ends).toEqual(['done', 'done', 'done']);
    const jobs = await scene.client.status();
    expect(jobs.map(({ verdict, attempt }) => `${verdict} ${attempt}`)).toEqual(jobs.map(() => 'VERIFIED 1'));
  });

  it('goes on when the orchestrator is started again in the middle', async () => {
    const scene = await createWorkScene();
    const nodeosPath = await scene.nodeos({ blocksPerSecond: 200 });
    const working = scene.work({ nodeosPath });
    while (!scene.lines.some((line) => line.includes('replay blocks'))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await scene.stopOrchestrator();
    await scene.startOrchestrator();
    await expect(working).resolves.toBe('done');
    const jobs = await scene.client.status();
    expect(jobs.map(({ verdict, attempt }) => `${verdict} ${attempt}`)).toEqual(jobs.map(() => 'VERIFIED 1'));
  });

  it('that is told to stop ends nodeos and gives the job back', async () => {
    const scene = await createWorkScene();
    const controller = new AbortController();
    const nodeosPath = await scene.nodeos({ blocksPerSecond: 20 });
    const working = scene.work({ nodeosPath, signal: controller.signal });
    while (!scene.lines.some((line) => line.includes('replay blocks'))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    controller.abort(new Error('SIGINT'));
    await expect(working).resolves.toBe('interrupted');
    const [job] = await scene.client.status();
    expect(job).toMatchObject({ status: 'WAITING_4_WORKER', attempt: 1 });
    expect(job?.attempts[0]).toMatchObject({ outcome: 'RETURNED', error_cause: 'interrupted' });
  });
});

describe('a job that fails', () => {
  it('in nodeos has its cause and the last log lines at the orchestrator', async () => {
    const scene = await createWorkScene();
    const nodeosPath = await scene.nodeos({ faults: 'crash@150' });
    await scene.work({ nodeosPath });
    const jobs = await scene.client.status();
    expect(jobs.map(({ status }) => status)).toEqual(['COMPLETE', 'ERROR', 'COMPLETE']);
    expect(jobs[1]).toMatchObject({ error_cause: 'nodeos-crash', stage: 'replay' });
    const log = await fetch(`${scene.url}/job/log?jobid=${jobs[1]?.job_id}`);
    expect(await log.text()).toContain('nodeos started');
  });

  it('with another hash than expected is a mismatch', async () => {
    const scene = await createWorkScene();
    const nodeosPath = await scene.nodeos({ faults: 'wrong-hash@150' });
    await scene.work({ nodeosPath });
    const jobs = await scene.client.status();
    expect(jobs.map(({ status }) => status)).toEqual(['COMPLETE', 'HASH_MISMATCH', 'COMPLETE']);
  });
});

describe('a worker cannot start', () => {
  const cannotStart = (code: string): object => ({ name: 'UserError', code, exitCode: ExitCode.cannotStart });

  it('in a directory that another worker holds', async () => {
    const scene = await createWorkScene();
    const controller = new AbortController();
    const nodeosPath = await scene.nodeos({ blocksPerSecond: 20 });
    const first = scene.work({ nodeosPath, signal: controller.signal });
    while (scene.lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await expect(scene.work({ nodeosPath })).rejects.toMatchObject({
      ...cannotStart('DATA_DIR_HELD'),
      message: expect.stringContaining(`process ${process.pid}`),
    });
    controller.abort(new Error('SIGINT'));
    await first;
  });

  it('with too little disk', async () => {
    const scene = await createWorkScene();
    const work = scene.work({ minFreeDiskBytes: Number.MAX_SAFE_INTEGER });
    await expect(work).rejects.toMatchObject(cannotStart('DISK_TOO_SMALL'));
  });

  it('with a nodeos that is none', async () => {
    const scene = await createWorkScene();
    const work = scene.work({ nodeosPath: join(scene.folder, 'missing', 'nodeos') });
    await expect(work).rejects.toMatchObject(cannotStart('NODEOS_UNUSABLE'));
  });

  it('with a file in the place of its directory', async () => {
    const scene = await createWorkScene();
    const dataDir = join(scene.folder, 'file');
    await writeFile(dataDir, '');
    await expect(scene.work({ dataDir })).rejects.toMatchObject(cannotStart('DATA_DIR_UNUSABLE'));
  });

  it('with a configuration of nodeos that changes the result', async () => {
    const scene = await createWorkScene();
    const file = join(scene.folder, 'config.ini');
    await writeFile(file, 'http-server-address = 0.0.0.0:8888\n');
    await expect(scene.work({ nodeosConfigFile: file })).rejects.toMatchObject({
      code: 'NODEOS_CONFIG_INVALID',
      exitCode: ExitCode.invalidInput,
    });
  });
});

it('removes what a killed worker has left', async () => {
  const scene = await createWorkScene();
  const left = join(scene.folder, 'work', 'attempts', 'job-9-attempt-1', 'data');
  await mkdir(left, { recursive: true });
  await writeFile(join(left, 'state'), 'x');
  await scene.work({ once: true, exitWhenDrained: false });
  expect(await readdir(join(scene.folder, 'work', 'attempts'))).toEqual([]);
});

it('keeps its name between two starts', async () => {
  const scene = await createWorkScene();
  await scene.work({ once: true, exitWhenDrained: false, workerId: null });
  await scene.work({ once: true, exitWhenDrained: false, workerId: null });
  const [first, second] = await scene.client.status();
  expect(first?.worker_id).toMatch(/-[0-9a-f]{8}$/);
  expect(second?.worker_id).toBe(first?.worker_id);
});
