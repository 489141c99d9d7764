/** Runs that are kept: read from the orchestrator, and from its data directory when it is gone. */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { type Orchestrator, Scene } from './support/scene.ts';

const execute = promisify(execFile);

interface World {
  scene: Scene;
  /** The manifest of three slices; its version is what a run asks for. */
  manifest: string;
  dataDir: string;
  /** Serves the manifest, and has all jobs done by a stand-in with these faults. */
  play: (version: string, faults?: string) => Promise<Orchestrator>;
  stop: (orchestrator: Orchestrator) => Promise<void>;
}

async function world(): Promise<World> {
  const scene = await Scene.create();
  const shape = { slices: 3, blocksPerSlice: 1000, stride: 1000, version: '1.2.2' };
  const { manifestPath: manifest } = await writeSampleChain({ folder: scene.path('chain'), ...shape });
  const stop = async ({ running }: Orchestrator): Promise<void> => {
    running.kill('SIGTERM');
    await running.finished;
  };
  return {
    scene,
    manifest,
    dataDir: scene.path('orchestrator'),
    async play(version, faults) {
      const text = await readFile(manifest, 'utf8');
      await writeFile(
        manifest,
        text.replaceAll(/"spring_version": "[^"]*"/gu, `"spring_version": "${version}"`),
      );
      const orchestrator = await scene.serve(manifest);
      const nodeos = await scene.standIn({ version, ...(faults === undefined ? {} : { faults }) });
      const { code, stderr } = await scene.work('alpha', orchestrator.url, ['--nodeos', nodeos]).finished;
      if (code !== 0) throw new Error(`The worker ended with ${code}: ${stderr}`);
      return orchestrator;
    },
    stop,
  };
}

async function namesIn(archive: string): Promise<string[]> {
  const { stdout } = await execute('tar', ['--zstd', '-tf', archive]);
  return stdout.split('\n').filter((name) => name !== '');
}

describe('replay report --from', () => {
  test('gives the report of the orchestrator to the byte, and its exit code', async () => {
    const { scene, dataDir, play, stop } = await world();
    const orchestrator = await play('1.2.2', 'wrong-hash@1500');
    const args = ['report', '--json'];
    const live = await scene.run([...args, '--orchestrator', orchestrator.url]);
    const status = await scene.run(['status', '--json', '--orchestrator', orchestrator.url]);
    await stop(orchestrator);
    expect(await scene.run([...args, '--from', dataDir])).toEqual({ ...live, code: 1 });
    const left = await scene.run(['status', '--json', '--from', dataDir]);
    const { summary, jobs } = JSON.parse(status.stdout) as { summary: object; jobs: object[] };
    const nobody = { hosts_seen: 0, hosts_idle: 0 };
    expect(JSON.parse(left.stdout)).toEqual({ summary: { ...summary, ...nobody }, jobs });
    const logs = await scene.run(['jobs', 'logs', '2', '--from', dataDir]);
    expect([logs.code, logs.stdout]).toEqual([
      0,
      expect.stringContaining('chain database stopped with hash'),
    ]);
    expect((await scene.run(['jobs', 'logs', '9', '--from', dataDir])).code).toBe(1);
    expect((await scene.run(['jobs', 'logs', '2', '--from', dataDir, '--follow'])).code).toBe(2);
    const slice = await scene.run(['status', '--slice', '2', '--from', dataDir]);
    expect([slice.code, slice.stdout]).toEqual([0, expect.stringContaining('HASH_MISMATCH')]);
  });

  test('of a run whose orchestrator was killed with a job in work is not finished', async () => {
    const { scene, manifest, dataDir } = await world();
    const { running, url } = await scene.serve(manifest);
    const nodeos = await scene.standIn({ version: '1.2.2', faults: 'hang@500' });
    const worker = scene.work('alpha', url, ['--nodeos', nodeos]);
    await worker.waitFor(/replay/u);
    running.kill('SIGKILL');
    await running.finished;
    const { code, stdout } = await scene.run(['report', '--from', dataDir]);
    expect([code, stdout]).toEqual([4, expect.stringMatching(/^Run 1: NOT FINISHED/u)]);
    worker.kill('SIGKILL');
  });

  test('goes with nothing that names an orchestrator, but for the environment', async () => {
    const { scene, dataDir, play, stop } = await world();
    await stop(await play('1.2.2'));
    const report = ['report', '--from', dataDir];
    for (const more of [['--orchestrator', '10.0.0.5'], ['--token', 'x'], ['--wait']]) {
      expect(await scene.run([...report, ...more])).toMatchObject({ code: 2 });
    }
    const env = { REPLAY_ORCHESTRATOR: '10.0.0.5', REPLAY_TOKEN: 'x'.repeat(20) };
    expect(await scene.run(report, { env })).toMatchObject({ code: 0, stderr: '' });
    const none = await scene.run(['report', '--from', scene.path('chain')]);
    expect([none.code, none.stderr]).toEqual([5, expect.stringContaining('NO_DATA_DIR')]);
  });
});

describe('runs that are kept', () => {
  test('are listed and reported by the orchestrator of the next one, and from the directory', async () => {
    const { scene, dataDir, play, stop } = await world();
    const first = await play('1.2.2', 'wrong-hash@1500');
    const report = ['report', '--json'];
    const before = await scene.run([...report, '--orchestrator', first.url]);
    await stop(first);
    const second = await play('1.2.3');
    const ask = ['--orchestrator', second.url];
    expect(await scene.run([...report, ...ask, '--run', '1'])).toEqual(before);
    expect(await scene.run([...report, ...ask, '--run', '2'])).toEqual(await scene.run([...report, ...ask]));

    const listed = await scene.run(['runs', 'list', ...ask]);
    expect(listed.stdout).toMatch(/│ +1 │ 1\.2\.2 .*\n│ \* 2 │ 1\.2\.3 /u);
    const json = await scene.run(['runs', 'list', '--json', ...ask]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      runs: [
        { run_id: 1, jobs_failed: 1, is_current: false },
        { run_id: 2, jobs_succeeded: 3, is_current: true },
      ],
    });

    const logs = await scene.run(['jobs', 'logs', '2', '--run', '1', ...ask]);
    expect([logs.code, logs.stdout]).toEqual([
      0,
      expect.stringContaining('chain database stopped with hash'),
    ]);
    for (const words of [['report'], ['jobs', 'logs', '2']]) {
      const unknown = await scene.run([...words, ...ask, '--run', '3']);
      expect([unknown.code, unknown.stderr]).toEqual([5, expect.stringContaining('RUN_NOT_FOUND')]);
    }

    const pack = ['jobs', 'evidence', '2', '--run', '1', '--output'];
    const asked = await scene.run([...pack, scene.path('asked.tar.zst'), ...ask]);
    expect([asked.code, asked.stderr]).toEqual([0, '']);

    await stop(second);
    expect(await scene.run([...report, '--from', dataDir, '--run', '1'])).toEqual(before);
    const read = await scene.run([...pack, scene.path('read.tar.zst'), '--from', dataDir]);
    expect([read.code, read.stderr]).toEqual([0, '']);
    const names = await namesIn(scene.path('read.tar.zst'));
    expect(names).toContain('replay-run-1-job-2-attempt-1/attempts/1/evidence.json');
    expect(await namesIn(scene.path('asked.tar.zst'))).toEqual(names);
    expect(await scene.run(['runs', 'list', '--json', '--from', dataDir])).toEqual(json);
  });
});

describe('replay runs compare', () => {
  test('tells what differs between two builds, from the orchestrator and from its directory', async () => {
    const { scene, dataDir, play, stop } = await world();
    await stop(await play('1.2.2'));
    await stop(await play('1.2.3', 'wrong-hash@1500'));
    const third = await play('1.2.4');
    const ask = ['--orchestrator', third.url];
    const compare = (a: string, b: string, ...more: string[]) =>
      scene.run(['runs', 'compare', a, b, ...more]);

    const same = await compare('1', '3', ...ask);
    expect([same.code, same.stderr]).toEqual([0, '']);
    expect(same.stdout).toMatch(/^Run 1 and run 3: THE SAME\. All 3 slices/u);
    const different = await compare('1', '2', ...ask);
    expect(different.code).toBe(1);
    expect(different.stdout).toMatch(/^Run 1 and run 2: DIFFERENT[^]*REHEARSAL[^]*Hashes that differ/u);
    const json = await compare('1', '2', ...ask, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      outcome: 'different',
      a: { run_id: 1, requested_versions: ['1.2.2'], nodeos_versions: ['v1.2.2-stand-in'] },
      b: { run_id: 2, requested_versions: ['1.2.3'] },
      totals: { slices: 3 },
    });
    await stop(third);
    expect(await compare('1', '2', '--from', dataDir, '--format', 'json')).toEqual(json);
    const file = await compare('1', '2', '--from', dataDir, '--format', 'csv', '--output', 'compare.csv');
    expect([file.code, file.stdout]).toEqual([1, '']);
    expect(await readFile(scene.path('compare.csv'), 'utf8')).toMatch(/^start_block,end_block,difference/u);
    await rm(scene.path('compare.csv'));

    const unknown = await compare('1', '9', '--from', dataDir, '--output', 'compare.csv');
    expect([unknown.code, unknown.stderr]).toEqual([5, expect.stringContaining('RUN_NOT_FOUND')]);
    expect(await readdir(scene.folder)).not.toContain('compare.csv');
    expect((await compare('2', '2', '--from', dataDir)).code).toBe(2);
    expect((await compare('1', 'x', '--from', dataDir)).code).toBe(2);
  });

  test('does not call two runs the same while one is not finished', async () => {
    const { scene, manifest, dataDir, play, stop } = await world();
    await stop(await play('1.2.2'));
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replaceAll('1.2.2', '1.2.3'));
    await stop(await scene.serve(manifest));
    const { code, stdout } = await scene.run(['runs', 'compare', '1', '2', '--from', dataDir]);
    expect([code, stdout]).toEqual([4, expect.stringMatching(/^Run 1 and run 2: CANNOT BE TOLD YET/u)]);
  });
});
