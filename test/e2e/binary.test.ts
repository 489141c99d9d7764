/** The built file as a program: where it runs, what it reads, how it answers, how it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import surface from '../../oclif.manifest.json' with { type: 'json' };
import { realSlices, writeManifest } from './support/chains.ts';
import { freePort, takenPort } from './support/ports.ts';
import { REPLAY } from './support/replay.ts';
import { Scene } from './support/scene.ts';

const COMMANDS = ['demo', 'report', 'serve', 'status', 'work'];

/** So many slices that their records are far more than a pipe holds. */
function manySlices(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    start_block_id: (index + 1) * 1000,
    end_block_id: (index + 2) * 1000,
    snapshot_path: `s3://bucket/snapshots/snapshot-${(index + 1) * 1000}.bin.zst`,
    storage_type: 's3',
    expected_integrity_hash: '',
    leap_version: '5.0.3',
  }));
}

describe('the file alone', () => {
  test('runs in an empty directory without Node or any other tool on the path', async () => {
    const scene = await Scene.create();
    await mkdir(scene.path('empty'));
    const bare = { cwd: scene.path('empty'), env: { PATH: scene.path('empty') } };

    const version = await scene.run(['--version'], bare);
    expect(version).toMatchObject({ code: 0, stderr: '' });
    expect(version.stdout).toMatch(/^replay\/\d+\.\d+\.\d+ /u);

    const help = await scene.run(['--help'], bare);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const command of COMMANDS) expect(help.stdout).toMatch(new RegExp(`^ +${command} `, 'mu'));

    const serve = await scene.run(['help', 'serve'], bare);
    expect(serve).toMatchObject({ code: 0, stderr: '' });
    expect(serve.stdout).toContain('--data-dir');
    expect(serve.stdout).toEqual((await scene.run(['serve', '--help'], bare)).stdout);
  });

  test('acts on no .env, bunfig.toml or package.json of the directory it is started in', async () => {
    const scene = await Scene.create();
    await scene.write('.env', 'REPLAY_ORCHESTRATOR=10.255.255.1:1\nREPLAY_PORT=not-a-number\n');
    await scene.write('bunfig.toml', 'preload = ["./preload.ts"]\n');
    await scene.write('preload.ts', 'console.log("PRELOADED");\nprocess.exit(99);\n');
    await scene.write(
      'package.json',
      '{"name":"other","version":"9.9.9","oclif":{"bin":"other","commands":"./x"}}',
    );
    await scene.write('tsconfig.json', '{ not json');
    await scene.write('oclif.manifest.json', '{"version":"9.9.9","commands":{}}');

    const { code, stdout, stderr } = await scene.run(['--version']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^replay\//u);
    expect(stdout).not.toContain('9.9.9');

    const help = await scene.run(['status', '--help']);
    expect(help.stdout).toContain('127.0.0.1:4000');
    expect(help.stdout).not.toContain('10.255.255.1');
  });
});

describe('help and usage', () => {
  test.each(COMMANDS)('%s --help names the exit codes', async (command) => {
    const scene = await Scene.create();
    const { code, stdout, stderr } = await scene.run([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.replaceAll(/\s+/gu, ' ')).toMatch(/Exit codes: .*2 wrong usage.*70 a defect/u);
  });

  test.each([
    [['frobnicate']],
    [['serve']],
    [['serve', '--config', 'manifest.json', '--frobnicate']],
    [['serve', '--config', 'manifest.json', '--port', 'abc']],
    [['serve', '--config', 'manifest.json', '--port', '70000']],
    [['serve', '--config', 'manifest.json', '--order', 'random']],
    [['status', 'surplus']],
    [['status', '--orchestrator', 'http://']],
    [['work', '--once', '--exit-when-drained']],
    [['work', '--final-hash', 'guess']],
    [['demo', '--slices', '0']],
    [['demo', '--fail', 'nothing-known']],
  ])('%j is wrong usage: exit code 2, an explanation on stderr, nothing on stdout', async (args) => {
    const scene = await Scene.create();
    const { code, stdout, stderr } = await scene.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: .{10,}/u);
    expect(stderr).not.toMatch(/ at .*\.[jt]s|\[object|undefined/u);
  });

  test.each([
    [['statsu'], '`replay status`'],
    [['jobs', 'rety', '7'], '`replay jobs retry`'],
    [['help', 'statsu'], '`replay status`'],
    [['statsu', '--help'], '`replay status`'],
    [['status', '--orchestator', '10.0.0.5'], '--orchestrator'],
    [['report', '--format', 'htm'], '--format html'],
    [['status', '--sort', 'slcie'], 'slice'],
  ])('%j: what was probably meant is named', async (args, meant) => {
    const scene = await Scene.create();
    const { code, stderr } = await scene.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(`Did you mean ${meant}?`);
  });

  test('a topic alone shows its help', async () => {
    const scene = await Scene.create();
    const { code, stdout } = await scene.run(['jobs']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +jobs retry /mu);
  });

  test.each(['--version', '-v', '-V', 'version'])('%s prints the version', async (word) => {
    const scene = await Scene.create();
    expect(await scene.run([word])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^replay\/\d/u),
    });
  });

  const takeJson = Object.entries(surface.commands).filter(([, { flags }]) => 'json' in flags);

  test.each(takeJson)('%s --json prints an error for programs on stdout', async (id) => {
    const scene = await Scene.create();
    const { code, stdout, stderr } = await scene.run([...id.split(':'), '--json', '--frobnicate']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'USAGE', message: expect.stringContaining('--frobnicate'), hint: expect.any(String) },
    });
  });

  test.each([
    [['statsu', '--json']],
    [['help', 'statsu', '--json']],
    [['report', '--format=json', '--frobnicate']],
  ])('%j prints an error for programs on stdout', async (args) => {
    const scene = await Scene.create();
    const { code, stdout, stderr } = await scene.run(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'USAGE', message: expect.any(String), hint: expect.any(String) },
    });
  });
});

describe('what keeps serve from starting', () => {
  test('no manifest there: exit code 3', async () => {
    const scene = await Scene.create();
    const { code, stdout, stderr } = await scene.run(['serve', '--config', 'nowhere.json', '--port', '0']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('The manifest nowhere.json cannot be read: there is no such file.');
  });

  test('an invalid manifest: exit code 3, and all of its mistakes at once', async () => {
    const scene = await Scene.create();
    const [genesis, second, third] = realSlices('spring');
    await writeManifest(scene.path('manifest.json'), [
      { ...genesis, end_block_id: 'soon' },
      { ...second, end_block_id: 7, storage_type: 'tape', colour: 'red' },
      { ...third, expected_integrity_hash: 'abc', spring_version: undefined },
    ]);
    const { code, stdout, stderr } = await scene.run(['serve', '--config', 'manifest.json', '--port', '0']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/slice 1, line 4, end_block_id: .*"soon"/u);
    expect(stderr).toMatch(/slice 2, line \d+, end_block_id: .*7/u);
    expect(stderr).toMatch(/slice 2, line \d+, storage_type: .*"tape"/u);
    expect(stderr).toMatch(/slice 2, line \d+, colour: /u);
    expect(stderr).toMatch(/slice 3, line \d+, expected_integrity_hash: .*"abc"/u);
    expect(stderr).toMatch(/slice 3, .*spring_version/u);
    expect(stderr).toContain('nothing was started');
  });

  test('another program has the port: exit code 6', async () => {
    const scene = await Scene.create();
    await writeManifest(scene.path('manifest.json'), realSlices('spring'));
    const port = await takenPort(scene);
    const args = ['serve', '--config', 'manifest.json', '--port', String(port), '--data-dir', 'orchestrator'];
    const { code, stdout, stderr } = await scene.run(args);
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toContain(String(port));
    expect(stderr).toMatch(/in use/u);
    // What was taken for the start is given back.
    await scene.serve('manifest.json');
  });

  test('another serve has the data directory: exit code 6, and it says which process', async () => {
    const scene = await Scene.create();
    await writeManifest(scene.path('manifest.json'), realSlices('spring'));
    const first = await scene.serve('manifest.json');
    const args = ['serve', '--config', 'manifest.json', '--port', '0', '--data-dir', 'orchestrator'];
    const { code, stdout, stderr } = await scene.run(args);
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toContain(`is held by process ${first.running.child.pid}`);
  });
});

describe('asking an orchestrator that is not there', () => {
  test.each(['status', 'report'])('%s: exit code 5', async (command) => {
    const scene = await Scene.create();
    const orchestrator = `127.0.0.1:${await freePort()}`;
    const asText = await scene.run([command, '--orchestrator', orchestrator]);
    expect(asText).toMatchObject({ code: 5, stdout: '' });
    expect(asText.stderr).toContain(orchestrator);

    const asJson = await scene.run([command, '--orchestrator', orchestrator, '--json']);
    expect(asJson).toMatchObject({ code: 5, stderr: '' });
    expect(JSON.parse(asJson.stdout)).toEqual({
      error: {
        code: expect.stringMatching(/^[A-Z_]+$/u),
        message: expect.stringContaining(orchestrator),
        hint: expect.any(String),
      },
    });
  });

  test('the address may come from REPLAY_ORCHESTRATOR', async () => {
    const scene = await Scene.create();
    await writeManifest(scene.path('manifest.json'), realSlices('spring'));
    const { url } = await scene.serve('manifest.json');
    const { code, stdout } = await scene.run(['status'], { env: { REPLAY_ORCHESTRATOR: url } });
    expect(code).toBe(0);
    expect(stdout).toContain('6 waiting');
  });
});

describe('output through a pipe', () => {
  test('arrives whole, however long it is', async () => {
    const scene = await Scene.create();
    await writeManifest(scene.path('manifest.json'), manySlices(2000));
    const { url } = await scene.serve('manifest.json');
    const { code, stdout } = await scene.run(['status', '--orchestrator', url, '--json']);
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(1_000_000);
    const { jobs } = JSON.parse(stdout) as { jobs: { job_id: number }[] };
    expect(jobs.map(({ job_id }) => job_id)).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1));
  });

  test.each([[['--json']], [[]]])('may be left early by its reader (status %j)', async (flags) => {
    const scene = await Scene.create();
    await writeManifest(scene.path('manifest.json'), manySlices(2000));
    const { url } = await scene.serve('manifest.json');
    const script = `set -o pipefail; '${REPLAY}' status --orchestrator ${url} ${flags.join(' ')} | head -n 1`;
    const shell = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr, [code]] = await Promise.all([
      text(shell.stdout),
      text(shell.stderr),
      once(shell, 'close') as Promise<[number]>,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(2);
  });
});

describe('log lines', () => {
  test('are JSON objects, one a line, with --log-format json', async () => {
    const scene = await Scene.create();
    await writeManifest(scene.path('manifest.json'), realSlices('spring'));
    const { running, url } = await scene.serve('manifest.json', ['--log-format', 'json']);
    running.kill('SIGTERM');
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(0);
    expect(stdout).toBe(
      `Orchestrator: ${url}\nOn each replay host run: replay work --orchestrator ${url.replace('http://', '')}\n`,
    );
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const line of lines) {
      expect(line).toMatchObject({
        level: expect.anything(),
        time: expect.anything(),
        msg: expect.any(String),
      });
    }
    expect(lines[0]).toMatchObject({ msg: 'a new run begins', run: 1, jobs: 6 });
    expect(lines.at(-1)).toMatchObject({ msg: 'the orchestrator has stopped', run: 1 });
  });
});
