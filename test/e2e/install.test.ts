/** Workers that install nodeos themselves, from packages on a mirror, by URL or from a file. */
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import type { SampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { start as startHttp } from '../support/http-file-server/index.ts';
import type { TestServer } from '../support/http-file-server/index.ts';
import {
  copyRealChain,
  type ManifestSlice,
  readManifest,
  realSlices,
  writeManifest,
} from './support/chains.ts';
import { buildDeb } from './support/deb.ts';
import { runOneSlice } from './support/one-slice.ts';
import { reportOf, statusOf } from './support/run.ts';
import { Scene } from './support/scene.ts';

const SPRING_DEB = 'antelope-spring_1.2.2_amd64.deb';
const LEAP_DEB = 'leap_5.0.3_amd64.deb';

/** A mirror of packages, which are files in the scene's folder or what is given. */
async function mirror(scene: Scene, packages: Record<string, Uint8Array>): Promise<TestServer> {
  const root = new Map(Object.entries(packages).map(([name, bytes]) => [`debs/${name}`, bytes]));
  const server = await startHttp({ root });
  scene.onEnd(() => server.close());
  return server;
}

const template = (server: TestServer): string => `${server.url}/debs/{file}`;

async function oneSpringSlice(scene: Scene): Promise<ManifestSlice> {
  await copyRealChain('spring', scene.path('chain'));
  const slice = realSlices('spring')[1]!;
  return { ...slice, snapshot_path: scene.path('chain', slice.snapshot_path) };
}

describe('--deb-url', () => {
  test('two workers that share a machine install at once, each once, and the run is verified', async () => {
    const scene = await Scene.create();
    const deb = readFileSync(await buildDeb(scene, SPRING_DEB, '1.2.2'));
    const server = await mirror(scene, { [SPRING_DEB]: deb });
    const manifest = await copyRealChain('spring', scene.path('chain'));
    const { url } = await scene.serve(manifest);

    const workers = ['alpha', 'beta'].map((name) => scene.work(name, url, ['--deb-url', template(server)]));
    const ends = await Promise.all(workers.map(({ finished }) => finished));

    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const { jobs } = await statusOf(url);
    expect(jobs.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 6 }, () => 'VERIFIED'));
    expect(jobs.map(({ nodeos_version }) => nodeos_version)).toEqual(
      Array.from({ length: 6 }, () => 'v1.2.2-stand-in'),
    );
    // Six jobs, two directories: the second job of a worker finds it installed.
    expect(server.requests.filter(({ method }) => method === 'GET')).toHaveLength(2);
    for (const name of ['alpha', 'beta']) {
      const left = readdirSync(scene.path(name, 'nodeos')).filter((entry) => /stag|tmp|part/iu.test(entry));
      expect(left).toEqual([]);
    }
  });

  test('one worker does the slices of Leap and of Spring, and neither gives the other a hash', async () => {
    const scene = await Scene.create();
    const server = await mirror(scene, {
      [SPRING_DEB]: readFileSync(await buildDeb(scene, SPRING_DEB, '1.2.2')),
      [LEAP_DEB]: readFileSync(await buildDeb(scene, LEAP_DEB, '5.0.3')),
    });
    const shape = { slices: 2, blocksPerSlice: 1000, stride: 1000, knownHashes: false };
    const leap = await writeSampleChain({ folder: scene.path('leap'), ...shape, version: '5.0.3' });
    const spring = await writeSampleChain({ folder: scene.path('spring'), ...shape, version: '1.2.2' });
    const slices = [...(await absolute(scene, leap, 'leap')), ...(await absolute(scene, spring, 'spring'))];
    const { url } = await scene.serve(await writeManifest(scene.path('manifest.json'), slices));

    await scene.work('alpha', url, ['--deb-url', template(server)]).finished;

    const { jobs, summary } = await statusOf(url);
    expect(jobs.map(({ verdict, actual_integrity_hash: hash }) => [verdict, hash])).toEqual([
      ['VERIFIED', leap.hashAt(1000)],
      ['UNVERIFIABLE', leap.hashAt(2000)],
      ['VERIFIED', spring.hashAt(1000)],
      ['UNVERIFIABLE', spring.hashAt(2000)],
    ]);
    expect(summary.nodeos_versions).toEqual(['v1.2.2-stand-in', 'v5.0.3-stand-in']);
    expect(summary.hash_conflicts).toEqual([]);
    expect((await reportOf(url)).code).toBe(0);
  });

  test.each<[string, (deb: Buffer) => Uint8Array | null, RegExp]>([
    ['is cut off', (deb) => deb.subarray(0, deb.length / 2), /cut short or no Debian package/u],
    ['is a page', () => Buffer.from('<html>Not here</html>'), /page|no Debian package/iu],
    ['is not there', () => null, /antelope-spring_1\.2\.2_amd64\.deb/u],
  ])('a package that %s: cause install, and nothing of it stays', async (_what, spoil, message) => {
    const scene = await Scene.create();
    const spoilt = spoil(readFileSync(await buildDeb(scene, SPRING_DEB, '1.2.2')));
    const server = await mirror(scene, spoilt === null ? {} : { [SPRING_DEB]: spoilt });

    const { job, worker, nodeosStarted } = await runOneSlice(scene, {
      slice: await oneSpringSlice(scene),
      work: ['--deb-url', template(server)],
    });

    expect(worker.code).toBe(1);
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'install', stage: 'install' });
    expect(job.error_message).toMatch(message);
    expect(nodeosStarted).toBe(false);
    expect(readdirSync(scene.path('alpha/nodeos'))).toEqual([]);
  });

  test('an unknown placeholder is wrong usage', async () => {
    const scene = await Scene.create();
    const args = ['work', '--deb-url', 'http://127.0.0.1:9/{flie}', '--min-free-disk', '0', '--once'];
    const { code, stderr } = await scene.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain('{flie}');
  });
});

async function absolute(scene: Scene, chain: SampleChain, folder: string): Promise<ManifestSlice[]> {
  const slices = await readManifest(chain.manifestPath);
  return slices.map((slice) => ({
    ...slice,
    snapshot_path: slice.snapshot_path === '' ? '' : scene.path(folder, slice.snapshot_path),
    ...('genesis_path' in slice
      ? { genesis_path: scene.path(folder, 'genesis.json'), blocks_path: scene.path(folder, 'blocks') }
      : {}),
  }));
}

describe('nodeos_version of a slice', () => {
  test('may be the path of a package on the host', async () => {
    const scene = await Scene.create();
    const deb = await buildDeb(scene, 'our-build.deb', '1.2.2');
    const slice = { ...(await oneSpringSlice(scene)), nodeos_version: deb };
    const { job } = await runOneSlice(scene, { slice, work: [] });
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED', nodeos_version: 'v1.2.2-stand-in' });
  });

  test('may be the URL of a package', async () => {
    const scene = await Scene.create();
    const server = await mirror(scene, {
      'our-build.deb': readFileSync(await buildDeb(scene, 'our-build.deb', '1.2.2')),
    });
    const slice = { ...(await oneSpringSlice(scene)), nodeos_version: `${server.url}/debs/our-build.deb` };
    const { job } = await runOneSlice(scene, { slice, work: [] });
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED', nodeos_version: 'v1.2.2-stand-in' });
  });

  test('may be another version than the one the slice is compared under', async () => {
    const scene = await Scene.create();
    const newer = 'antelope-spring_1.2.9_amd64.deb';
    const server = await mirror(scene, { [newer]: readFileSync(await buildDeb(scene, newer, '1.2.9')) });
    const slice = { ...(await oneSpringSlice(scene)), nodeos_version: '1.2.9' };
    const { job } = await runOneSlice(scene, { slice, work: ['--deb-url', template(server)] });
    expect(job).toMatchObject({
      status: 'COMPLETE',
      verdict: 'VERIFIED',
      nodeos_version: 'v1.2.9-stand-in',
      manifest_nodeos_version: '1.2.9',
    });
  });

  test('a package on no disk of this host: cause install', async () => {
    const scene = await Scene.create();
    const slice = { ...(await oneSpringSlice(scene)), nodeos_version: scene.path('nowhere.deb') };
    const { job } = await runOneSlice(scene, { slice, work: [] });
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'install' });
    expect(job.error_message).toContain('nowhere.deb');
    expect(job.error_message).toContain('must exist on every replay host');
  });
});

describe('--nodeos', () => {
  test('of the other product: the job ends as ERROR before anything is loaded', async () => {
    const scene = await Scene.create();
    const nodeos = await scene.standIn({ version: '5.0.3' });
    const { job, nodeosStarted } = await runOneSlice(scene, {
      slice: await oneSpringSlice(scene),
      work: ['--nodeos', nodeos],
    });
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'install' });
    expect(job.error_message).toContain('The slice is for spring');
    expect(nodeosStarted).toBe(false);
  });

  test.each([
    ['that is not there', null, /nowhere/u],
    ['that does not run', '#!/bin/sh\necho broken library >&2\nexit 127\n', /broken library/u],
  ])('%s: exit code 6 before a job is taken', async (_what, script, message) => {
    const scene = await Scene.create();
    const manifest = await writeManifest(scene.path('manifest.json'), [await oneSpringSlice(scene)]);
    const { url } = await scene.serve(manifest);
    const path = script === null ? scene.path('nowhere') : await scene.write('broken/nodeos', script);
    if (script !== null) chmodSync(path, 0o755);
    const { code, stderr } = await scene.work('alpha', url, ['--nodeos', path]).finished;
    expect(code).toBe(6);
    expect(stderr).toMatch(message);
    expect((await statusOf(url)).jobs).toMatchObject([{ status: 'WAITING_4_WORKER', attempt: 0 }]);
  });
});
