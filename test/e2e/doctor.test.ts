/** `replay doctor` on this machine, with what it should find put in its way. */
import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { freePort } from './support/ports.ts';
import type { Finished } from './support/replay.ts';
import { Scene } from './support/scene.ts';

interface Doctor {
  ok: boolean;
  role: string;
  checks: { id: string; subject: string | null; result: string; finding: string; mend: string | null }[];
}

/** Small enough for any disk that tests run on. */
const SMALL = ['--min-free-disk', '0'];

function read({ stdout, stderr }: Finished): Doctor {
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Doctor;
}

function checksOf(doctor: Doctor, id: string) {
  return doctor.checks.filter((check) => check.id === id);
}

async function prepare() {
  const scene = await Scene.create();
  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const chain = await writeSampleChain({ folder: scene.path('chain'), slices: 2, ...shape });
  const nodeos = await scene.standIn({ version: '1.2.2' });
  const doctor = (...args: string[]) => scene.run(['doctor', ...SMALL, '--nodeos', nodeos, ...args]);
  return { scene, chain, doctor };
}

test('a machine that can work is well, and is left as it was', async () => {
  const { scene, chain, doctor } = await prepare();
  const { url } = await scene.serve(chain.manifestPath);
  const before = await readdir(scene.folder);
  const ended = await doctor('--orchestrator', url, '--json');
  const found = read(ended);
  expect(found.checks.filter(({ result }) => result === 'failed')).toEqual([]);
  expect(ended.code).toBe(0);
  expect(found).toMatchObject({ ok: true, role: 'work', data_dir: scene.path('replay-work') });
  // Two snapshots, and the folder of the blocks.
  expect(checksOf(found, 'storage').map(({ result }) => result)).toEqual(['ok', 'ok', 'ok']);
  for (const id of ['orchestrator', 'token', 'clock', 'slice-space', 'nodeos', 'data-dir']) {
    expect(checksOf(found, id)).toMatchObject([{ result: 'ok' }]);
  }
  expect(await readdir(scene.folder)).toEqual(before);

  const text = await doctor('--orchestrator', url);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toMatch(/^ok +memory +/mu);
  expect(text.stdout).toMatch(/^Ready: \d+ ok, /mu);
  expect(text.stdout).not.toContain('\u001B');
});

test('an orchestrator that is not there fails, and the machine is looked at all the same', async () => {
  const { doctor } = await prepare();
  const ended = await doctor('--orchestrator', `127.0.0.1:${await freePort()}`, '--json');
  const found = read(ended);
  expect(ended.code).toBe(1);
  expect(found.ok).toBe(false);
  expect(checksOf(found, 'orchestrator')).toMatchObject([
    {
      result: 'failed',
      finding: expect.stringContaining('connection refused'),
      mend: expect.stringMatching(/./u),
    },
  ]);
  expect(checksOf(found, 'token')).toMatchObject([{ result: 'skipped' }]);
  expect(checksOf(found, 'memory')).toHaveLength(1);
});

test('a token that is wrong, and one that may only read, are told apart', async () => {
  const { scene, chain, doctor } = await prepare();
  const { url } = await scene.serve(chain.manifestPath, ['--token', 'the-admin-token-of-this-test']);
  const tokenOf = async (...args: string[]) =>
    checksOf(read(await doctor('--orchestrator', url, '--json', ...args)), 'token');
  expect(await tokenOf()).toMatchObject([
    { result: 'failed', finding: expect.stringContaining('none was given') },
  ]);
  expect(await tokenOf('--token', 'another-token-of-this-test')).toMatchObject([
    { result: 'failed', finding: expect.stringContaining('not accepted') },
  ]);
  const create = ['tokens', 'create', '--rights', 'read', '--data-dir', scene.path('orchestrator')];
  const { stdout } = await scene.run(create);
  await scene.write('read.token', stdout);
  // A running orchestrator looks at the list once a second at most.
  const reading = ['--token-file', scene.path('read.token')];
  await expect
    .poll(() => tokenOf(...reading), { timeout: 20_000, interval: 300 })
    .toMatchObject([{ result: 'failed', finding: expect.stringContaining('right work is missing') }]);
  expect(await tokenOf('--token', 'the-admin-token-of-this-test')).toMatchObject([{ result: 'ok' }]);
});

test('a data directory that cannot be used and storage that has nothing fail, each with what to do', async () => {
  const { scene, doctor } = await prepare();
  await scene.write('a-file', '');
  await scene.write('storage/snapshot.bin', 'x');
  const storage = ['--check', scene.path('nowhere/snapshot.bin'), '--check', `${scene.path('storage')}/`];
  const ended = await doctor('--data-dir', scene.path('a-file/work'), ...storage, '--json');
  const found = read(ended);
  expect(ended.code).toBe(1);
  expect(checksOf(found, 'data-dir')).toMatchObject([
    { result: 'failed', mend: expect.stringContaining('--data-dir') },
  ]);
  expect(checksOf(found, 'storage')).toMatchObject([
    { result: 'failed', subject: scene.path('nowhere/snapshot.bin') },
    { result: 'ok', finding: expect.stringContaining('files can be seen') },
  ]);
});

test('a place where nobody can write fails, for root as well', async () => {
  const { doctor } = await prepare();
  const found = read(await doctor('--data-dir', '/sys/replay-work', '--json'));
  expect(checksOf(found, 'data-dir')).toMatchObject([
    { result: 'failed', finding: expect.stringContaining('/sys/replay-work cannot be used') },
  ]);
});

test('a place that is no address is wrong usage, before anything is looked at', async () => {
  const { doctor } = await prepare();
  const { code, stdout } = await doctor('--check', 'ftp://somewhere/x', '--json');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'LOCATION' } });
});

test('credentials for S3 are looked for when something is there, and never shown', async () => {
  const { scene } = await prepare();
  const env = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'a-secret-of-this-test' };
  const port = await freePort();
  const options = { env: { ...env, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` } };
  const args = ['doctor', ...SMALL, '--check', 's3://bucket/key', '--json'];
  const ended = await scene.run(args, options);
  const found = read(ended);
  expect(checksOf(found, 'aws-credentials')).toMatchObject([
    { result: 'ok', finding: expect.stringContaining('environment variables') },
  ]);
  expect(checksOf(found, 'storage')).toMatchObject([{ result: 'failed' }]);
  expect(ended.stdout).not.toContain('a-secret');
  expect(ended.stdout).not.toContain('AKIA');
});

test('the machine of an orchestrator is asked for less', async () => {
  const { scene } = await prepare();
  const found = read(await scene.run(['doctor', '--role', 'serve', '--json']));
  expect(found).toMatchObject({ role: 'serve', data_dir: scene.path('replay-data') });
  expect(found.checks.map(({ id }) => id)).toEqual([
    'memory',
    'open-files',
    'data-dir',
    'disk-space',
    'inodes',
    'lock',
    'ports',
  ]);
});
