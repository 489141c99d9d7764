/** Snapshots and block files from web servers, and block files in strides of every kind. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { start as startHttp } from '../support/http-file-server/index.ts';
import type { HttpFileServerOptions, TestServer } from '../support/http-file-server/index.ts';
import { type ManifestSlice, readManifest, realFiles, realSlices, writeManifest } from './support/chains.ts';
import { type OneSliceEnd, runOneSlice } from './support/one-slice.ts';
import { reportOf, statusOf } from './support/run.ts';
import { Scene } from './support/scene.ts';

const SNAPSHOT = 'net/snapshots/snapshot-2026-11-22-08-dev-v8-0000001006.bin.zst';

/** The slices of the Spring chain, with everything on a web server. */
function slicesAt(server: TestServer): ManifestSlice[] {
  const root = `${server.url}/net/`;
  return realSlices('spring').map((slice) => ({
    ...slice,
    storage_type: 'http',
    snapshot_path: slice.snapshot_path === '' ? '' : `${root}${slice.snapshot_path}`,
    ...(slice['genesis_path'] === undefined
      ? {}
      : { genesis_path: `${root}genesis.json`, blocks_path: `${root}blocks` }),
  }));
}

async function httpFor(
  scene: Scene,
  options: Partial<HttpFileServerOptions> & Pick<HttpFileServerOptions, 'root'>,
): Promise<TestServer> {
  const server = await startHttp(options);
  scene.onEnd(() => server.close());
  return server;
}

const files = (): Map<string, Uint8Array> => realFiles('spring', 'net/');

interface Change {
  server?: Partial<HttpFileServerOptions>;
  slice?: (slice: ManifestSlice) => ManifestSlice;
  work?: readonly string[];
}

/** Runs the slice from 1006 to 2004, with something changed. */
async function runSecondSlice({ server: options, slice, work = [] }: Change): Promise<OneSliceEnd> {
  const scene = await Scene.create();
  const server = await httpFor(scene, { root: files(), ...options });
  const nodeos = await scene.standIn({ version: '1.2.2' });
  const second = slicesAt(server)[1]!;
  return runOneSlice(scene, { slice: slice?.(second) ?? second, work: ['--nodeos', nodeos, ...work] });
}

describe('the real Spring chain over HTTP', () => {
  test.each(['nginx', 'apache', 'python', 'nginx-json'] as const)(
    'is verified from a server with the folder pages of %s',
    async (index) => {
      const scene = await Scene.create();
      const server = await httpFor(scene, { root: files(), index });
      const nodeos = await scene.standIn({ version: '1.2.2' });
      const { url } = await scene.serve(await writeManifest(scene.path('manifest.json'), slicesAt(server)));

      const workers = ['alpha', 'beta'].map((name) => scene.work(name, url, ['--nodeos', nodeos]));
      const ends = await Promise.all(workers.map(({ finished }) => finished));

      expect(ends.map(({ code }) => code)).toEqual([0, 0]);
      const { jobs } = await statusOf(url);
      expect(jobs).toMatchObject(
        realSlices('spring').map((slice) => ({
          verdict: 'VERIFIED',
          actual_integrity_hash: slice.expected_integrity_hash,
        })),
      );
      expect((await reportOf(url)).code).toBe(0);
    },
  );

  test('a server that shows no folders: the message says that it cannot be listed', async () => {
    const { job, worker, nodeosStarted } = await runSecondSlice({ server: { index: 'off' } });
    expect(worker.code).toBe(1);
    expect(job).toMatchObject({ status: 'ERROR', stage: 'fetch' });
    expect(job.error_message).toMatch(/net\/blocks/u);
    expect(job.error_message).toMatch(/list|index/iu);
    expect(nodeosStarted).toBe(false);
  });

  test('a server that sends a page in place of the snapshot', async () => {
    const content = Buffer.from('<!DOCTYPE html><html><body>Please sign in</body></html>');
    const { job, nodeosStarted } = await runSecondSlice({
      server: { faults: { [SNAPSHOT]: { content, on: 'ANY', headers: { 'content-type': 'text/html' } } } },
    });
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'download', stage: 'fetch' });
    expect(job.error_message).toMatch(/page/iu);
    expect(nodeosStarted).toBe(false);
  });

  test('a server that knows neither ranges nor lengths', async () => {
    const faults = { [SNAPSHOT]: { anonymous: true, on: 'ANY' as const } };
    const { job } = await runSecondSlice({ server: { faults } });
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED' });
  });

  test('the password of a URL is shown nowhere', async () => {
    const { job, worker, orchestrator } = await runSecondSlice({
      server: { faults: { [SNAPSHOT]: { status: 403, on: 'ANY' } } },
      slice: (slice) => ({
        ...slice,
        snapshot_path: slice.snapshot_path.replace('http://', 'http://reader:hunter2@'),
      }),
    });
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'download' });
    const shown = [job.error_message, worker.stdout, worker.stderr, orchestrator.running.stderr].join('\n');
    expect(shown).toContain('/net/snapshots/');
    expect(shown).not.toContain('hunter2');
  });
});

describe('snapshot_sha256', () => {
  const compressed = createHash('sha256').update(files().get(SNAPSHOT)!).digest('hex');

  test('the right one is accepted', async () => {
    const { job } = await runSecondSlice({ slice: (slice) => ({ ...slice, snapshot_sha256: compressed }) });
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED' });
  });

  test('another one means a damaged snapshot, and both are named', async () => {
    const other = 'ab'.repeat(32);
    const { job, nodeosStarted } = await runSecondSlice({
      slice: (slice) => ({ ...slice, snapshot_sha256: other }),
    });
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'corrupt-snapshot', stage: 'fetch' });
    expect(job.error_message).toContain(other);
    expect(job.error_message).toContain(compressed);
    expect(nodeosStarted).toBe(false);
  });
});

describe('strides of the block files', () => {
  test.each([
    ['1.2.2', 250, true, 4],
    ['1.2.2', 3000, false, 4],
    ['5.0.3', 250, false, 2],
    ['5.0.3', 3000, true, 2],
  ])('nodeos %s with %i blocks in a file (compressed: %s)', async (version, stride, compress, slices) => {
    const scene = await Scene.create();
    const nodeos = await scene.standIn({ version });
    const sample = { slices, blocksPerSlice: 1000, version, stride, compress };
    const chain = await writeSampleChain({ folder: scene.path('chain'), ...sample });
    const { url } = await scene.serve(chain.manifestPath);

    await scene.work('alpha', url, ['--nodeos', nodeos]).finished;

    const { jobs } = await statusOf(url);
    expect(jobs).toMatchObject(
      chain.slices.map(({ hash }) => ({ verdict: 'VERIFIED', actual_integrity_hash: hash })),
    );
  });

  test('files of several strides that overlap in one folder', async () => {
    const scene = await Scene.create();
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const sample = { slices: 3, blocksPerSlice: 1000, version: '1.2.2' };
    const chain = await writeSampleChain({ folder: scene.path('chain'), ...sample, stride: 1000 });
    for (const [stride, compress] of [
      [300, true],
      [700, false],
    ] as const) {
      const folder = scene.path(`stride-${stride}`);
      await writeSampleChain({ folder, ...sample, stride, compress });
      await cp(join(folder, 'blocks'), scene.path('chain/blocks'), { recursive: true });
    }
    // Only the small strides hold the second thousand now.
    const second = readdirSync(scene.path('chain/blocks')).filter((name) => name.includes('-1001-2000.'));
    expect(second).toHaveLength(2);
    for (const name of second) await rm(scene.path('chain/blocks', name));
    const server = await httpFor(scene, { root: scene.path('chain') });
    const slices = (await readManifest(chain.manifestPath)).map((slice) => ({
      ...slice,
      storage_type: 'http',
      snapshot_path: slice.snapshot_path === '' ? '' : `${server.url}/${slice.snapshot_path}`,
      ...('genesis_path' in slice
        ? { genesis_path: `${server.url}/genesis.json`, blocks_path: `${server.url}/blocks/` }
        : {}),
    }));
    const { url } = await scene.serve(await writeManifest(scene.path('manifest.json'), slices));

    await scene.work('alpha', url, ['--nodeos', nodeos]).finished;

    const { jobs } = await statusOf(url);
    expect(jobs).toMatchObject(
      chain.slices.map(({ hash }) => ({ verdict: 'VERIFIED', actual_integrity_hash: hash })),
    );
  });

  test('strides without their indexes: nodeos rebuilds them', async () => {
    const root = files();
    for (const name of root.keys()) if (name.includes('.index')) root.delete(name);
    const { job } = await runSecondSlice({ server: { root } });
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED' });
  });

  test('a file that does not hold the blocks that its name says', async () => {
    const root = files();
    const other = root.get('net/blocks/blocks-3001-4000.log.zst')!;
    root.set('net/blocks/blocks-1001-2000.log.zst', other);
    const { job, nodeosStarted } = await runSecondSlice({ server: { root } });
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'blocks-log', stage: 'fetch' });
    expect(job.error_message).toMatch(/blocks-1001-2000\.log.*3001/su);
    expect(nodeosStarted).toBe(false);
  });

  test('blocks_path of the slice wins over the folder beside the snapshots', async () => {
    const scene = await Scene.create();
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const elsewhere = new Map(
      [...files()].map(([name, bytes]) => [name.replace('net/blocks/', 'archive/blocks/'), bytes]),
    );
    const server = await httpFor(scene, { root: elsewhere });
    const slice = { ...slicesAt(server)[1]!, blocks_path: `${server.url}/archive/blocks` };
    const { job } = await runOneSlice(scene, { slice, work: ['--nodeos', nodeos] });
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED' });
    expect(server.requests.some(({ path }) => path.startsWith('net/blocks'))).toBe(false);
  });
});

describe('genesis', () => {
  test('without a genesis_path the one <net>-genesis.json beside the folders is used', async () => {
    const scene = await Scene.create();
    const nodeos = await scene.standIn({ version: '1.2.2' });
    await cp(join(import.meta.dirname, '../fixtures/nodeos/spring-1.2.2'), scene.path('chain'), {
      recursive: true,
      filter: (source) => !source.includes('/logs') && !source.endsWith('genesis.json'),
    });
    const text = readFileSync(join(import.meta.dirname, '../fixtures/nodeos/spring-1.2.2/genesis.json'));
    await scene.write('chain/dev-genesis.json', text);
    const { genesis_path: _unused, ...genesis } = realSlices('spring')[0]!;
    const slice = { ...genesis, blocks_path: scene.path('chain/blocks') } as ManifestSlice;

    const { job } = await runOneSlice(scene, { slice, work: ['--nodeos', nodeos] });

    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED' });
  });
});
