/** The forms of the report, and waiting for the end of a run. */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { type Orchestrator, Scene } from './support/scene.ts';

interface Begun extends Orchestrator {
  scene: Scene;
  manifest: string;
  /** Lets one worker do all jobs, and waits for its end. */
  work: (faults?: string) => Promise<void>;
}

/** An orchestrator with three slices that nobody works on yet. */
async function begin(): Promise<Begun> {
  const scene = await Scene.create();
  const shape = { slices: 3, blocksPerSlice: 1000, stride: 1000, version: '1.2.2' };
  const chain = await writeSampleChain({ folder: scene.path('chain'), ...shape });
  const orchestrator = await scene.serve(chain.manifestPath);
  return {
    ...orchestrator,
    scene,
    manifest: chain.manifestPath,
    async work(faults) {
      const nodeos = await scene.standIn({ version: '1.2.2', ...(faults === undefined ? {} : { faults }) });
      const { code, stderr } = await scene.work('alpha', orchestrator.url, ['--nodeos', nodeos]).finished;
      if (code !== 0) throw new Error(`The worker ended with ${code}: ${stderr}`);
    },
  };
}

describe('replay report --format', () => {
  test('gives every form of a run that failed, with exit code 1 and the label of the stand-in', async () => {
    const { scene, url, work } = await begin();
    await work('wrong-hash@1500');
    const formats = ['text', 'json', 'html', 'markdown', 'junit', 'csv'];
    const reports = await Promise.all(
      formats.map((format) => scene.run(['report', '--orchestrator', url, '--format', format])),
    );
    expect(reports.map(({ code, stderr }) => [code, stderr])).toEqual(formats.map(() => [1, '']));
    const [text, json, html, markdown, junit, csv] = reports.map(({ stdout }) => stdout);
    expect(text).toContain('Time of finished slices');
    expect(JSON.parse(json!)).toMatchObject({ jobs_failed: 1, timing: { slices: { count: 3 } } });
    expect(html).toMatch(/^<!doctype html>[^]*REHEARSAL[^]*<\/html>\n$/u);
    expect(markdown).toMatch(/^## ❌ Run 1: FAILED[^]*REHEARSAL/u);
    expect(junit).toContain(
      '<testsuites name="replay (REHEARSAL)" tests="3" failures="1" errors="0" skipped="0"',
    );
    expect(csv!.split('\r\n')).toHaveLength(5);
    expect(csv).toContain(',true,\r\n');

    const short = await scene.run(['report', '--orchestrator', url, '--json']);
    expect(short.stdout).toBe(json);
  });

  test('says errors as JSON under --format json, as under --json', async () => {
    const scene = await Scene.create();
    const args = ['report', '--orchestrator', '127.0.0.1:1', '--format', 'json'];
    const { code, stdout, stderr } = await scene.run(args);
    expect([code, stderr]).toEqual([5, '']);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ORCHESTRATOR_UNREACHABLE' } });
  });

  test('refuses two forms at once', async () => {
    const scene = await Scene.create();
    const { code, stdout } = await scene.run(['report', '--json', '--format', 'csv']);
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { error: { code: 'USAGE' } }]);
  });
});

describe('replay report --known', () => {
  test('does not fail the run for a failure that is known, until the day is over', async () => {
    const { scene, url, work } = await begin();
    await work('wrong-hash@1500');
    const reportWith = async (expires: string) => {
      const entry = { slice: 2, reason: 'a defect that is being mended', expires };
      await scene.write('known.json', JSON.stringify([entry]));
      return scene.run(['report', '--orchestrator', url, '--known', 'known.json']);
    };
    const known = await reportWith('9999-12-31');
    expect(known.stdout).toMatch(/^Run 1: PASSED, WITH KNOWN FAILURES/u);
    expect(known.stdout).toContain('slice 2: HASH_MISMATCH, as is known until 9999-12-31');
    expect(known.code).toBe(0);
    expect((await reportWith('2020-01-01')).code).toBe(1);
  });

  test('refuses a file that is not as it must be, with exit code 3', async () => {
    const scene = await Scene.create();
    await scene.write('known.json', '[{"slice": 2}]');
    const { code, stderr } = await scene.run(['report', '--known', 'known.json']);
    expect([code, stderr]).toEqual([3, expect.stringContaining('known.json: entry 1: "reason" must be')]);
  });
});

describe('replay report --output', () => {
  test('writes the file, prints nothing, and keeps the exit code', async () => {
    const { scene, url } = await begin();
    const args = ['report', '--orchestrator', url, '--format', 'junit', '--output', 'report.xml'];
    const { code, stdout, stderr } = await scene.run(args);
    expect([code, stdout, stderr]).toEqual([4, '', '']);
    expect(await readFile(scene.path('report.xml'), 'utf8')).toContain('tests="3"');
  });

  test('leaves the file as it was when there is no report', async () => {
    const scene = await Scene.create();
    await scene.write('report.xml', 'the one before');
    const args = ['report', '--orchestrator', '127.0.0.1:1', '--output', 'report.xml'];
    expect((await scene.run(args)).code).toBe(5);
    expect(await readdir(scene.folder)).toEqual(['report.xml']);
    expect(await readFile(scene.path('report.xml'), 'utf8')).toBe('the one before');
  });

  test('that cannot be written is said with exit code 6, before the orchestrator is asked', async () => {
    const scene = await Scene.create();
    const args = ['report', '--orchestrator', '127.0.0.1:1', '--output', 'nowhere/report.xml'];
    const { code, stderr } = await scene.run(args);
    expect([code, stderr]).toEqual([6, expect.stringContaining('nowhere/report.xml')]);
  });
});

describe('replay report --wait', () => {
  test('reports at the end of the run, with its progress on stderr', async () => {
    const { scene, url, work } = await begin();
    const report = scene.start(['report', '--orchestrator', url, '--wait']);
    await report.waitFor(/0 succeeded, 0 failed, 3 remaining/u);
    await work();
    const { code, stdout, stderr } = await report.finished;
    expect(stdout).toMatch(/^Run 1: PASSED/u);
    expect(stderr).toContain('3 succeeded, 0 failed, 0 remaining');
    expect(code).toBe(0);
  });

  test('outlives a restart of the orchestrator, and says that something failed', async () => {
    const { scene, running, port, url, manifest, work } = await begin();
    const report = scene.start(['report', '--orchestrator', url, '--wait']);
    await report.waitFor(/3 remaining/u);
    running.kill('SIGKILL');
    await running.finished;
    await report.waitFor(/No answer/u);
    await scene.serve(manifest, [], { port });
    await work('wrong-hash@1500');
    const { code, stdout } = await report.finished;
    expect(stdout).toMatch(/^Run 1: FAILED\. 1 of 3/u);
    expect(code).toBe(1);
  });

  test('gives up an orchestrator that stays away, with exit code 5', async () => {
    const scene = await Scene.create();
    const args = ['report', '--orchestrator', '127.0.0.1:1', '--wait', '--patience', '0'];
    const { code, stdout } = await scene.run(args);
    expect([code, stdout]).toEqual([5, '']);
  });

  test('ends on Ctrl-C with exit code 130 and no report', async () => {
    const { scene, url } = await begin();
    const report = scene.start(['report', '--orchestrator', url, '--wait', '--output', 'report.txt']);
    await report.waitFor(/3 remaining/u);
    report.kill('SIGINT');
    const { code, stdout } = await report.finished;
    expect([code, stdout]).toEqual([130, '']);
    expect(await readdir(scene.folder)).not.toContain('report.txt');
  });
});
