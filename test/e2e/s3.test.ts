/** Snapshots and block files from S3, from a server that does what S3 does on good and on bad days. */
import { describe, expect, test } from 'vitest';
import { start as startS3 } from '../support/s3-server/index.ts';
import type { Fault, Faults, S3ServerOptions, TestServer } from '../support/s3-server/index.ts';
import { type ManifestSlice, realFiles, realSlices, writeManifest } from './support/chains.ts';
import { type OneSliceEnd, runOneSlice } from './support/one-slice.ts';
import { reportOf, statusOf } from './support/run.ts';
import { Scene } from './support/scene.ts';

const ROOT = 's3://replays/net/';
const SNAPSHOT = 'replays/net/snapshots/snapshot-2026-11-22-08-dev-v8-0000001006.bin.zst';
const BLOCKS = 'replays/net/blocks/blocks-1001-2000.log.zst';
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret-of-the-test' };

/** The slices of the Spring chain, with everything in the bucket. */
function slicesOnS3(): ManifestSlice[] {
  return realSlices('spring').map((slice) => ({
    ...slice,
    storage_type: 's3',
    snapshot_path: slice.snapshot_path === '' ? '' : `${ROOT}${slice.snapshot_path}`,
    ...(slice['genesis_path'] === undefined
      ? {}
      : { genesis_path: `${ROOT}genesis.json`, blocks_path: `${ROOT}blocks` }),
  }));
}

async function s3For(scene: Scene, options: Partial<S3ServerOptions> = {}): Promise<TestServer> {
  const server = await startS3({ root: realFiles('spring', 'replays/net/'), ...options });
  scene.onEnd(() => server.close());
  return server;
}

function environment(server: TestServer, more: Record<string, string> = CREDENTIALS): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_S3: server.url,
    AWS_REGION: 'eu-central-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  };
}

interface FaultyRun extends OneSliceEnd {
  server: TestServer;
  /** How often the snapshot and the first block file were asked for, and with which range. */
  rangesOf: (path: string) => (string | undefined)[];
}

/** Runs the slice from 1006 to 2004 while the server does something wrong. */
async function runSecondSlice(options: Partial<S3ServerOptions>): Promise<FaultyRun> {
  const scene = await Scene.create();
  const server = await s3For(scene, options);
  const nodeos = await scene.standIn({ version: '1.2.2' });
  const end = await runOneSlice(scene, {
    slice: slicesOnS3()[1],
    work: ['--nodeos', nodeos],
    env: environment(server),
  });
  const rangesOf = (path: string): (string | undefined)[] =>
    server.requests
      .filter((request) => request.method === 'GET' && request.path === path)
      .map((request) => request.headers['range'] as string | undefined);
  return { ...end, server, rangesOf };
}

function without(...names: string[]): Map<string, Uint8Array> {
  const files = realFiles('spring', 'replays/net/');
  for (const name of names) if (!files.delete(name)) throw new Error(`No such file: ${name}`);
  return files;
}

const snapshotFault = (fault: Fault): { faults: Faults } => ({ faults: { [SNAPSHOT]: fault } });

describe('the real Spring chain from S3', () => {
  test('is verified by two workers; listings come in pages', async () => {
    const scene = await Scene.create();
    const server = await s3For(scene, { pageSize: 3, accessKey: CREDENTIALS.AWS_ACCESS_KEY_ID });
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const { url } = await scene.serve(await writeManifest(scene.path('manifest.json'), slicesOnS3()));

    const workers = ['alpha', 'beta'].map((name) =>
      scene.work(name, url, ['--nodeos', nodeos], { env: environment(server) }),
    );
    const ends = await Promise.all(workers.map(({ finished }) => finished));

    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const { jobs } = await statusOf(url);
    expect(jobs).toMatchObject(
      realSlices('spring').map((slice) => ({
        status: 'COMPLETE',
        verdict: 'VERIFIED',
        storage_type: 's3',
        actual_integrity_hash: slice.expected_integrity_hash,
      })),
    );
    const report = await reportOf(url);
    expect(report.code).toBe(0);
    expect(report.text).toContain('Blocks processed  6,001 of 6,001 (100.0 %)');
  });
});

describe('a server that has a bad day is borne with', () => {
  test('a connection that breaks in the middle of the snapshot: only the rest is fetched', async () => {
    const { job, rangesOf } = await runSecondSlice(snapshotFault({ times: 1, cutAfter: 200_000 }));
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED', attempt: 1 });
    const [first, second, ...others] = rangesOf(SNAPSHOT);
    expect([first ?? 'bytes=0-', others]).toEqual(['bytes=0-', []]);
    const resumedAt = Number(/^bytes=(\d+)-$/u.exec(second ?? '')?.[1]);
    expect(resumedAt).toBeGreaterThan(0);
    expect(resumedAt).toBeLessThanOrEqual(200_000);
  });

  test('errors of the server: asked again until it answers', async () => {
    const faults = { [SNAPSHOT]: { times: 1, status: 500 }, [BLOCKS]: { times: 1, status: 503 } };
    const { job, rangesOf } = await runSecondSlice({ faults });
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED', attempt: 1 });
    expect([rangesOf(SNAPSHOT).length, rangesOf(BLOCKS).length]).toEqual([2, 2]);
  });

  test('answers that come in small pieces', async () => {
    const { job } = await runSecondSlice(snapshotFault({ pieces: 1024 }));
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED', attempt: 1 });
  });
});

describe('what cannot work ends as ERROR, with a message that says what to do', () => {
  test('the snapshot is not there', async () => {
    const { job, worker, nodeosStarted } = await runSecondSlice({ root: without(SNAPSHOT) });
    expect(worker.code).toBe(1);
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'bad-job', stage: 'fetch' });
    expect(job.error_message).toContain(`s3://${SNAPSHOT}`);
    expect(nodeosStarted).toBe(false);
  });

  test('the credentials do not open the bucket', async () => {
    const { job, worker } = await runSecondSlice({ accessKey: 'AKIAOTHER' });
    expect(worker.code).toBe(1);
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'download', stage: 'fetch' });
    expect(job.error_message).toMatch(/s3:\/\/replays\/net.*(credential|access)/isu);
    expect(job.error_message + worker.stdout + worker.stderr).not.toContain(
      CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    );
  });

  test('there are no credentials', async () => {
    const scene = await Scene.create();
    const server = await s3For(scene);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const { job, worker } = await runOneSlice(scene, {
      slice: slicesOnS3()[1],
      work: ['--nodeos', nodeos],
      env: environment(server, {}),
    });
    expect(worker.code).toBe(1);
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'download', stage: 'fetch' });
    expect(job.error_message).toMatch(/credentials/iu);
    expect(job.error_message).toMatch(/AWS_ACCESS_KEY_ID|aws configure|profile|role/iu);
  });

  test.each<[string, Fault]>([
    ['is cut off', { content: realFiles('spring', 'replays/net/').get(SNAPSHOT)!.subarray(0, 300_000) }],
    ['has a changed byte', { flipAt: 250_000 }],
    ['is not compressed at all', { content: Buffer.from('a snapshot'.repeat(1000)) }],
    ['is empty', { content: new Uint8Array() }],
  ])('the stored snapshot %s', async (_what, fault) => {
    const both = [{ ...fault, on: 'ANY' as const }];
    const { job, worker, nodeosStarted } = await runSecondSlice({ faults: { [SNAPSHOT]: both } });
    expect(worker.code).toBe(1);
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'corrupt-snapshot', stage: 'fetch' });
    expect(job.error_message).toContain(`The snapshot s3://${SNAPSHOT} is damaged`);
    expect(nodeosStarted).toBe(false);
  });

  test('a block file is missing in the middle: known before nodeos starts, with the missing blocks', async () => {
    const scene = await Scene.create();
    const root = without(BLOCKS, BLOCKS.replace('.log', '.index'));
    const server = await s3For(scene, { root });
    const nodeos = await scene.standIn({ version: '1.2.2' });
    // From genesis to 3006 in one slice, so that the hole has blocks on both sides.
    const [genesis, , third] = slicesOnS3();
    const { job, worker, nodeosStarted } = await runOneSlice(scene, {
      slice: { ...genesis!, end_block_id: third!.end_block_id, expected_integrity_hash: '' },
      work: ['--nodeos', nodeos],
      env: environment(server),
    });
    expect(worker.code).toBe(1);
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'blocks-log', stage: 'fetch' });
    expect(job.error_message).toContain(
      'The block files in s3://replays/net/blocks do not hold blocks 1001 to 2000',
    );
    expect(nodeosStarted).toBe(false);
  });

  test('a stored block file is damaged', async () => {
    const { job, nodeosStarted } = await runSecondSlice({
      faults: { [BLOCKS]: { flipAt: 100_000, on: 'ANY' } },
    });
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'blocks-log', stage: 'fetch' });
    expect(job.error_message).toContain(`s3://${BLOCKS}`);
    expect(nodeosStarted).toBe(false);
  });
});
