/** `replay status`: which jobs it shows, in what form, and everything about one slice. */
import { readFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { writeManifest } from './support/chains.ts';
import { untilJob, type StatusJson } from './support/run.ts';
import { Scene } from './support/scene.ts';

/** Slice 1 has failed on alpha, slice 2 is being replayed by slow, slice 3 waits. */
async function runInProgress() {
  const scene = await Scene.create();
  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const chain = await writeSampleChain({ folder: scene.path('chain'), slices: 3, ...shape });
  const { url } = await scene.serve(chain.manifestPath);
  const crashing = await scene.standIn({ version: '1.2.2', faults: 'crash@1500' });
  await scene.work('alpha', url, ['--nodeos', crashing, '--once'], { stay: true }).finished;
  const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
  scene.work('slow', url, ['--nodeos', slow]);
  await untilJob(url, 2, 'is being replayed', ({ status }) => status === 'WORKING');
  const status = (...args: string[]) => scene.run(['status', ...args, '--orchestrator', url]);
  return { scene, url, status };
}

/** The cells of the rows of a table. */
function rowsOf(stdout: string): string[][] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .slice(1)
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('the jobs of a run', () => {
  test('are chosen, sorted and shown as is asked for', async () => {
    const { status } = await runInProgress();
    const all = await status();
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout).toMatch(/^Run 1: \[[#-]{24}\] \d+\.\d % of 3,000 blocks\n3 jobs: .*1 in error/u);
    // eslint-disable-next-line no-control-regex
    expect(all.stdout).not.toMatch(/\u001B/u);
    expect(rowsOf(all.stdout)).toHaveLength(3);

    const columns = ['--columns', 'slice,status,host,cause'];
    expect(rowsOf((await status('--failed', ...columns)).stdout)).toEqual([
      ['1', 'ERROR', 'alpha', 'nodeos-crash'],
    ]);
    expect(rowsOf((await status('--running', ...columns)).stdout)).toEqual([['2', 'WORKING', 'slow', '']]);
    const sorted = await status('--sort', 'status', '--reverse', '--columns', 'slice');
    expect(rowsOf(sorted.stdout)).toEqual([['3'], ['2'], ['1']]);

    const json = JSON.parse((await status('--failed', '--json')).stdout) as StatusJson;
    expect(json.summary.total_jobs).toBe(3);
    expect(json.jobs.map(({ job_id: id }) => id)).toEqual([1]);
  });

  test('are told one by one, with attempts, hashes and the last log lines', async () => {
    const { status } = await runInProgress();
    const { code, stdout, stderr } = await status('--slice', '1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Slice 1: job 1, blocks \d+ to \d+\n\nREHEARSAL: .*\n\nstatus {6}ERROR\n/u);
    expect(stdout).toContain('\ncause       nodeos-crash\n');
    expect(stdout).toMatch(/\nexpected {4}[0-9a-f]{64}\n/u);
    expect(stdout).toMatch(/\nAttempt 1: ERROR, alpha\n {2}time {8}\S+Z to \S+Z, \d+ s\n/u);
    expect(stdout).toMatch(/\n {2}stages {6}.*load \d+\.\d s/u);
    expect(stdout).toMatch(/\nLast log lines of attempt 1.*\n {2}\S+ +\S+ nodeos /u);

    const json = JSON.parse((await status('--slice', '1', '--json')).stdout) as object;
    expect(json).toMatchObject({
      summary: { total_jobs: 3 },
      jobs: [{ job_id: 1 }],
      log: { attempt: 1, lines: expect.any(Array) as unknown[] },
    });
    expect(JSON.parse((await status('--slice', '3', '--json')).stdout)).toMatchObject({ log: null });

    const none = await status('--slice', '4');
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toContain('There is no slice 4 in this run; it has 3.');
  });

  test('fit into the window of a terminal, with colours unless they are not wanted', async () => {
    const { scene, url } = await runInProgress();
    const inWindow = async (columns: number, args: string[] = [], env: Record<string, string> = {}) => {
      const command = `script -qec "stty cols ${columns}; exec $0 $*" /dev/null`;
      const options = { under: ['sh', '-c', command], env: { TERM: 'xterm', ...env } };
      const { code, stdout } = await scene.run(['status', '--orchestrator', url, ...args], options);
      expect(code).toBe(0);
      return stdout.replaceAll('\r', '');
    };
    const wide = await inWindow(200);
    expect(wide).toContain('│ \u001B[31mERROR\u001B[0m ');
    expect(wide).not.toContain('No room for');

    const narrow = await inWindow(70);
    const lines = stripVTControlCharacters(narrow).split('\n');
    expect(lines.findLast((line) => line !== '')).toMatch(/^No room for: .*slice/u);
    const table = lines.filter((line) => /^[┌├│└]/u.test(line));
    expect(table).toHaveLength(7);
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(70);

    for (const plain of [await inWindow(200, ['--no-color']), await inWindow(200, [], { NO_COLOR: '1' })]) {
      expect(plain).toBe(stripVTControlCharacters(plain));
    }
  });
});

describe('ten thousand jobs', () => {
  test('are shown in a few seconds', async () => {
    const scene = await Scene.create();
    const slices = Array.from({ length: 10_000 }, (_, index) => ({
      start_block_id: (index + 1) * 1000,
      end_block_id: (index + 2) * 1000,
      snapshot_path: `s3://bucket/snapshots/snapshot-${(index + 1) * 1000}.bin.zst`,
      storage_type: 's3',
      expected_integrity_hash: '',
      leap_version: '5.0.3',
    }));
    const { url } = await scene.serve(await writeManifest(scene.path('manifest.json'), slices));
    const begun = performance.now();
    const { code, stdout } = await scene.run(['status', '--sort', 'blocks', '--orchestrator', url]);
    expect(code).toBe(0);
    expect(rowsOf(stdout)).toHaveLength(10_000);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('usage', () => {
  test.each([
    [['--sort', 'colour']],
    [['--columns', 'slice,colour']],
    [['--columns', ',']],
    [['--slice', '0']],
    [['--slice', '1', '--failed']],
    [['--slice', '1', '--sort', 'rate']],
  ])('%j ends with 2', async (args) => {
    const scene = await Scene.create();
    const { code, stdout, stderr } = await scene.run(['status', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/--(?:sort|columns|slice)/u);
  });

  test('are watched: a line for each change through a pipe, over a restart of the orchestrator', async () => {
    const { scene, url } = await runInProgress();
    const watch = scene.start(['status', '--watch', '--orchestrator', url]);
    await watch.waitFor(/^Run 1: .* of 3,000 blocks/mu);
    const retried = await scene.run(['jobs', 'retry', '1', '--orchestrator', url]);
    expect(retried.code).toBe(0);
    await watch.waitFor(/^\S+Z {2}job 1 {2}slice 1 {2}WAITING_4_WORKER/mu);
    watch.kill('SIGINT');
    const { code, stdout } = await watch.finished;
    expect(code).toBe(130);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/\u001B/u);
  });

  test('are watched in their place in a terminal, which is as before afterwards', async () => {
    const { scene, url } = await runInProgress();
    // `script` does not pass signals on.
    const pidFile = scene.path('watch.pid');
    const command = `exec script -qec "stty cols 100 rows 20; echo \\$\\$ > ${pidFile}; exec $0 $*" /dev/null`;
    const under = ['sh', '-c', command];
    const watch = scene.start(['status', '--watch', '--orchestrator', url], {
      under,
      env: { TERM: 'xterm' },
    });
    // eslint-disable-next-line no-control-regex
    await watch.waitFor(/\u001B\[\?1049h[^]*\u001B\[31mERROR\u001B\[0m[^]*Ctrl-C ends/u);
    await scene.run(['jobs', 'retry', '1', '--orchestrator', url]);
    await watch.waitFor(/│ {7}1 │[^]*WAITING_4_WORKER|0 failed|1 waiting/u);
    process.kill(Number(await readFile(pidFile, 'utf8')), 'SIGINT');
    const { stdout } = await watch.finished;
    // eslint-disable-next-line no-control-regex
    expect(stdout).toMatch(/\u001B\[\?25h\u001B\[\?1049l(?:Run 1: [^]*)?$/u);
  });
});
