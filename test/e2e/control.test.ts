/** What a person decides about the run as a whole, with the commands and two workers. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeSampleChain, type SampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { processesNaming } from './support/processes.ts';
import { statusOf, untilJob } from './support/run.ts';
import { type Orchestrator, Scene } from './support/scene.ts';
import { until } from './support/until.ts';

async function world(): Promise<{ scene: Scene; chain: SampleChain; orchestrator: Orchestrator }> {
  const scene = await Scene.create();
  const chain = await writeSampleChain({
    folder: scene.path('chain'),
    slices: 4,
    blocksPerSlice: 1000,
    stride: 1000,
    version: '1.2.2',
  });
  return { scene, chain, orchestrator: await scene.serve(chain.manifestPath) };
}

/** The last slices of the chain, beside its manifest. */
async function lastSlices(chain: SampleChain, count: number): Promise<string> {
  const slices = JSON.parse(await readFile(chain.manifestPath, 'utf8')) as object[];
  const path = join(chain.manifestPath, '..', 'others.json');
  await writeFile(path, JSON.stringify(slices.slice(-count), null, 4));
  return path;
}

describe('replay runs start', () => {
  test('with force, while two hosts work: they stop, do the new run, and the old one is kept over a restart', async () => {
    const { scene, chain, orchestrator } = await world();
    const { url } = orchestrator;
    const control = (...args: string[]) => scene.run(['runs', 'start', '--orchestrator', url, ...args]);
    const quick = await scene.standIn({ version: '1.2.2', blocksPerSecond: 3000 });
    const alpha = scene.work('alpha', url, ['--nodeos', quick, '--once'], { stay: true });
    expect((await alpha.finished).code).toBe(0);
    const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 100 });
    const workers = ['beta', 'gamma'].map((name) =>
      scene.work(name, url, ['--nodeos', slow], { stay: true }),
    );
    for (const job of [2, 3]) await untilJob(url, job, 'is replayed', ({ status }) => status === 'WORKING');

    const manifest = await lastSlices(chain, 2);
    const check = await control('--manifest', manifest, '--check');
    expect([check.code, check.stdout]).toEqual([
      0,
      'The manifest is good: 2 slices, blocks 2000 to 4000 (2,000 to replay), nodeos 1.2.2.\n' +
        'The current run is run 1; hosts are at work on 2 of its jobs.\n',
    ]);
    const refused = await control('--manifest', manifest);
    expect([refused.code, refused.stderr]).toEqual([
      5,
      expect.stringContaining('Hosts are at work on 2 jobs'),
    ]);
    const begun = await control('--manifest', manifest, '--force');
    expect([begun.code, begun.stdout]).toEqual([
      0,
      expect.stringContaining('Run 2 has begun: 2 jobs. Hosts stop 2 jobs of run 1.\n'),
    ]);

    for (const worker of workers) await worker.waitFor(/at another run/u);
    for (const job of [5, 6]) await untilJob(url, job, 'is replayed', ({ status }) => status === 'WORKING');
    // What worked on the old jobs is gone from the hosts.
    const commands = processesNaming(scene.folder).map(({ command }) => command);
    expect(commands.filter((command) => /job-?[23]\b/u.test(command))).toEqual([]);
    const reportOfFirst = ['report', '--run', '1', '--json', '--orchestrator'];
    const before = await scene.run([...reportOfFirst, url]);
    expect(before.code).toBe(4);
    expect(JSON.parse(before.stdout)).toMatchObject({ run_id: 1, total_jobs: 4, blocks_processed: 1000 });

    orchestrator.running.kill('SIGKILL');
    await orchestrator.running.finished;
    const again = await scene.serve(chain.manifestPath, [], { port: orchestrator.port });
    const status = await until('the end of the run', async () => {
      const now = await statusOf(again.url);
      return now.summary.is_running ? null : now;
    });
    expect(status.summary.run_id).toBe(2);
    expect(status.jobs).toMatchObject(
      chain.slices.slice(-2).map(({ hash }) => ({ attempt: 1, actual_integrity_hash: hash })),
    );
    const after = await scene.run([...reportOfFirst, again.url]);
    expect(after).toEqual(before);
  });

  test('shows all mistakes of a manifest with their lines, and begins nothing', async () => {
    const { scene, chain, orchestrator } = await world();
    const manifest = await lastSlices(chain, 2);
    const slices = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, unknown>[];
    slices[0]!['end_block_id'] = 5;
    slices[1]!['storage_type'] = 'ftp';
    await writeFile(manifest, JSON.stringify(slices, null, 4));
    const args = ['runs', 'start', '--orchestrator', orchestrator.url, '--manifest', manifest];
    const { code, stderr } = await scene.run(args);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/slice 1, line 4, end_block_id: got 5;/u)]);
    expect(stderr).toMatch(/slice 2, line \d+, storage_type: got "ftp"/u);
    const checked = await scene.run([...args, '--check', '--json']);
    expect([checked.code, JSON.parse(checked.stdout)]).toMatchObject([3, { valid: false, problem_count: 2 }]);
    expect((await statusOf(orchestrator.url)).summary.run_id).toBe(1);
  });

  test('--again with an option that is not allowed is refused, and with one that is begins the run anew', async () => {
    const { scene, orchestrator } = await world();
    const args = ['runs', 'start', '--orchestrator', orchestrator.url, '--again', '--nodeos-option'];
    const refused = await scene.run([...args, 'plugin=eosio::producer_plugin']);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('--plugin is not allowed')]);
    const begun = await scene.run([...args, 'chain-threads=2', '--nodeos-version', '1.2.1', '--json']);
    expect([begun.code, JSON.parse(begun.stdout)]).toMatchObject([0, { run_id: 2, total_jobs: 4 }]);
    const { jobs } = await statusOf(orchestrator.url);
    expect(jobs[0]).toMatchObject({ spring_version: '1.2.1', nodeos_options: ['chain-threads=2'] });
  });
});

describe('replay runs pause', () => {
  test('lets hosts finish and keeps them waiting, until replay runs resume', async () => {
    const { scene, orchestrator } = await world();
    const { url } = orchestrator;
    const nodeos = await scene.standIn({ version: '1.2.2', blocksPerSecond: 500 });
    const worker = scene.work('alpha', url, ['--nodeos', nodeos]);
    await untilJob(url, 1, 'is replayed', ({ status }) => status === 'WORKING');
    const paused = await scene.run(['runs', 'pause', '--reason', 'a new disk', '--orchestrator', url]);
    expect([paused.code, paused.stdout]).toEqual([
      0,
      expect.stringMatching(/^Run 1 is paused since \S+Z \(a new disk\)\. Jobs that are held go on/u),
    ]);
    await untilJob(url, 1, 'is done', ({ status }) => status === 'COMPLETE');
    await worker.waitFor(/No job waits|paused/u);
    const shown = await scene.run(['status', '--orchestrator', url]);
    expect(shown.stdout).toMatch(/PAUSED since \S+Z \(a new disk\)/u);
    expect(worker.ended).toBe(false);
    const resumed = await scene.run(['runs', 'resume', '--orchestrator', url, '--json']);
    expect([resumed.code, JSON.parse(resumed.stdout)]).toEqual([0, { run_id: 1, paused: null }]);
    expect((await worker.finished).code).toBe(0);
    expect((await statusOf(url)).summary.jobs_remaining).toBe(0);
  });
});
