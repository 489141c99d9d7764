/** `replay jobs evidence`: from a slice that fails to an archive with which it can be repeated by hand. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { AttemptEvidence } from '../../src/core/protocol/attempt-evidence.ts';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { Scene } from './support/scene.ts';
import { until } from './support/until.ts';

const run = promisify(execFile);
const ROOT = 'replay-run-1-job-2-attempt-1';

async function prepare(options: { version?: string; faults?: string } = {}) {
  const { version = '1.2.2', faults = 'wrong-hash' } = options;
  const scene = await Scene.create();
  const shape = { blocksPerSlice: 1000, stride: 1000, version, fromGenesis: false };
  const chain = await writeSampleChain({ folder: scene.path('chain'), slices: 3, ...shape });
  const { url } = await scene.serve(chain.manifestPath);
  const nodeos = await scene.standIn({ version });
  const failing = await scene.standIn({ version, faults });
  const work = (name: string, path: string, ...args: string[]) =>
    scene.work(name, url, ['--nodeos', path, ...args]).finished;
  const evidence = (...args: string[]) => scene.run(['jobs', 'evidence', ...args, '--orchestrator', url]);
  return { scene, url, nodeos, failing, work, evidence };
}

async function unpack(scene: Scene, file: string): Promise<string> {
  await run('tar', ['--zstd', '-xf', file, '-C', scene.folder]);
  return scene.path(ROOT);
}

async function readJson(...path: string[]): Promise<unknown> {
  return JSON.parse(await readFile(join(...path), 'utf8')) as unknown;
}

test('a slice that fails leaves all that is needed to repeat it, when its host is gone', async () => {
  const { scene, nodeos, failing, work, evidence } = await prepare({ faults: 'crash@2500' });
  await work('alpha', failing);
  const file = scene.path('evidence.tar.zst');
  const packed = await evidence('2', '--output', file, '--json');
  expect(packed).toMatchObject({ code: 0, stderr: '' });
  const bytes = await readFile(file);
  expect(JSON.parse(packed.stdout)).toEqual({
    job_id: 2,
    attempt: 1,
    file,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });

  const folder = await unpack(scene, file);
  expect((await readdir(folder, { recursive: true })).toSorted()).toEqual([
    'README.md',
    'attempts',
    'attempts/1',
    'attempts/1/evidence.json',
    'attempts/1/nodeos.log',
    'attempts/1/record.json',
    'commands.sh',
    'config.ini',
    'hashes.json',
    'job.json',
    'manifest.json',
  ]);
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain(
    'ended it in ERROR with the cause nodeos-crash',
  );
  const told = (await readJson(folder, 'attempts/1/evidence.json')) as AttemptEvidence;
  expect(told).toMatchObject({
    nodeos: { path: failing, stand_in: true, sha256: expect.stringMatching(/^[0-9a-f]{64}$/u) as string },
    start: { kind: 'snapshot', bytes: expect.any(Number) as number },
    commands: [{ purpose: 'replay' }],
  });
  expect(await readFile(join(folder, 'config.ini'), 'utf8')).toContain('blocks-retained-dir = retained');

  // By hand, with a nodeos that does it right, on a machine that has the storage and nothing of the host.
  const env = { PATH: '/usr/bin:/bin', WORK: scene.path('by-hand'), NODEOS: nodeos };
  const { stdout } = await run('bash', [join(folder, 'commands.sh')], { env });
  expect(stdout).toMatch(/chain database started with hash: [0-9a-f]{64}/u);
  expect(stdout).toMatch(/chain database stopped with hash: [0-9a-f]{64}/u);

  // The slice alone is a manifest.
  const serve = ['serve', '--config', join(folder, 'manifest.json'), '--port', '0'];
  const again = scene.start([...serve, '--data-dir', scene.path('again')]);
  const url = (await again.waitFor(/Orchestrator: (?<url>http:\S+)/u)).groups!['url']!;
  expect((await scene.work('beta', url, ['--nodeos', nodeos]).finished).code).toBe(0);
  expect((await scene.run(['report', '--orchestrator', url, '--json'])).stdout).toContain(
    '"jobs_succeeded": 1',
  );
});

test('what a host has told outlives it', async () => {
  const { scene, url, evidence } = await prepare();
  const slow = await scene.standIn({ version: '1.2.2', blocksPerSecond: 50 });
  const worker = scene.work('lost', url, ['--nodeos', slow]);
  await until('the worker has told', async () => (await fetch(`${url}/job/evidence?jobid=1`)).ok);
  worker.kill('SIGKILL');
  await worker.finished;
  const file = scene.path('evidence.tar.zst');
  expect((await evidence('1', '--output', file)).code).toBe(0);
  await run('tar', ['--zstd', '-xf', file, '-C', scene.folder]);
  const script = await readFile(scene.path('replay-run-1-job-1-attempt-1/commands.sh'), 'utf8');
  expect(script).toContain('--terminate-at-block');
  expect(script).not.toContain('did not report');
});

test('the same input gives the same bytes, and stdout may take them', async () => {
  const { scene, failing, work, evidence } = await prepare({ faults: 'crash@2500' });
  await work('alpha', failing);
  const first = scene.path('a.tar.zst');
  const second = scene.path('b.tar.zst');
  expect((await evidence('2', '--output', first)).stdout).toContain(`see ${ROOT}/README.md`);
  await evidence('2', '--output', second);
  expect(await readFile(second)).toEqual(await readFile(first));
});

test('Leap: the configuration and the command of the final hash are there, too', async () => {
  const { scene, nodeos, work, evidence } = await prepare({ version: '5.0.3' });
  await work('alpha', nodeos);
  const file = scene.path('evidence.tar.zst');
  expect((await evidence('2', '--output', file)).code).toBe(0);
  const folder = await unpack(scene, file);
  expect(await readFile(join(folder, 'config-read-only.ini'), 'utf8')).toContain('read-mode = head');
  expect(await readFile(join(folder, 'commands.sh'), 'utf8')).toContain('get_integrity_hash');
  await run('bash', ['-n', join(folder, 'commands.sh')]);
});

test('says what is missing, and writes nothing then', async () => {
  const { scene, evidence } = await prepare();
  expect(await evidence('77', '--output', scene.path('x'), '--json')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('JOB_NOT_FOUND') as string,
  });
  expect(await evidence('2', '--output', scene.path('x'))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has had no attempt yet') as string,
  });
  expect(await evidence('2', '--output', scene.path('nowhere/x'))).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('The archive cannot be written') as string,
  });
  expect(await readdir(scene.folder)).not.toContain('x');
});
