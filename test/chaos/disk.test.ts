/**
 * Workers on disks that are full, read-only or out of inodes, and files that arrive cut or changed: each
 * ends in its cause with a message, never in a hang or in COMPLETE. The disks are real, only small.
 */
import { chmod, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, createZstdCompress, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { FullJobRecord } from '../../src/core/protocol/full-record.ts';
import { orchestratorClient } from '../../src/core/protocol/client.ts';
import {
  type SampleChain,
  type SampleChainOptions,
  writeSampleChain,
} from '../../src/nodeos/stand-in/sample-chain.ts';
import { type ManifestSlice, readManifest, writeManifest } from '../e2e/support/chains.ts';
import type { Finished } from '../e2e/support/replay.ts';
import { jobOf, untilJob } from '../e2e/support/run.ts';
import { Scene } from '../e2e/support/scene.ts';
import { remount, workOnSmallDisk } from './support/small-disk.ts';

const MIB = 1024 * 1024;

function sampleChain(scene: Scene, options: Partial<SampleChainOptions> = {}): Promise<SampleChain> {
  return writeSampleChain({
    folder: scene.path('chain'),
    slices: 1,
    blocksPerSlice: 1000,
    stride: 1000,
    version: '1.2.2',
    fromGenesis: false,
    ...options,
  });
}

async function sampleSlice(scene: Scene, options: Partial<SampleChainOptions> = {}): Promise<ManifestSlice> {
  const chain = await sampleChain(scene, options);
  const [slice] = await readManifest(chain.manifestPath);
  return { ...slice!, snapshot_path: scene.path('chain', slice!.snapshot_path) };
}

interface Trouble {
  disk: string;
  prepare?: string;
  chain?: Partial<SampleChainOptions>;
  slice?: (slice: ManifestSlice, scene: Scene) => Promise<ManifestSlice>;
  nodeos?: (scene: Scene) => Promise<string>;
}

/** One job on a small disk, by a worker that takes one job. */
async function runInto(trouble: Trouble): Promise<{ worker: Finished; job: FullJobRecord }> {
  const scene = await Scene.create();
  const slice = await sampleSlice(scene, trouble.chain);
  const changed = (await trouble.slice?.(slice, scene)) ?? slice;
  const { url } = await scene.serve(await writeManifest(scene.path('manifest.json'), [changed]));
  const nodeos = (await trouble.nodeos?.(scene)) ?? (await scene.standIn({ version: '1.2.2' }));
  const disk = {
    options: trouble.disk,
    ...(trouble.prepare === undefined ? {} : { prepare: trouble.prepare }),
  };
  const running = await workOnSmallDisk(scene, url, disk, ['--once', '--nodeos', nodeos]);
  const worker = await running.finished;
  return { worker, job: await jobOf(url, 1) };
}

/** What a job that ended in its cause looks like, and the worker that ended it. */
function failure(cause: string, message: RegExp): object {
  return {
    worker: { code: 1, stderr: '' },
    job: {
      status: 'ERROR',
      error_cause: cause,
      error_message: expect.stringMatching(message),
      verdict: null,
      actual_integrity_hash: null,
      attempts: [{ outcome: 'ERROR', worker_id: 'alpha' }],
    },
  };
}

/** A snapshot that says nothing of its length, compressed to almost nothing. */
async function growingSnapshot(bytes: number): Promise<Buffer> {
  const compress = createZstdCompress({ params: { [constants.ZSTD_c_contentSizeFlag]: 0 } });
  const parts: Buffer[] = [];
  compress.on('data', (part: Buffer) => parts.push(part));
  for (let written = 0; written < bytes; written += MIB) compress.write(Buffer.alloc(MIB, written / MIB));
  compress.end();
  await new Promise((resolve) => compress.once('end', resolve));
  return Buffer.concat(parts);
}

describe('a disk that is too small', () => {
  test('for a file whose length is known: nothing of it is fetched', async () => {
    const end = await runInto({
      disk: 'size=8m',
      slice: async (slice, scene) => ({
        ...slice,
        snapshot_path: await scene.write('chain/snapshots/large.bin', Buffer.alloc(32 * MIB, 1)),
      }),
    });
    expect(end).toMatchObject(
      failure('disk-full', /not enough space.*32\.0 MiB are needed, 8\.0 MiB are free.*larger disk/su),
    );
  });

  test('for a snapshot that grows while it is unpacked', async () => {
    const end = await runInto({
      disk: 'size=8m',
      slice: async (slice, scene) => ({
        ...slice,
        snapshot_path: await scene.write('chain/snapshots/grows.bin.zst', await growingSnapshot(32 * MIB)),
      }),
    });
    expect(end).toMatchObject(
      failure('disk-full', /Cannot write .*(?:no space is left|not enough space on the disk)/u),
    );
  });

  test('for what nodeos prints: nodeos is ended, and the next job finds room again', async () => {
    const scene = await Scene.create();
    const { manifestPath } = await sampleChain(scene, { slices: 2 });
    const { url } = await scene.serve(manifestPath);
    const good = await scene.standIn({ version: '1.2.2' });
    // The first run never stops printing; the file that it leaves makes the second one the stand-in.
    const nodeos = await scene.write(
      'nodeos',
      `#!/bin/sh
case "$1" in --version | --full-version) echo v1.2.2; exit ;; esac
[ -e '${scene.path('second')}' ] && exec '${good}' "$@"
touch '${scene.path('second')}'
exec yes 'info  2026-11-22T11:25:30.362 nodeos    main.cpp:158     main  ] nodeos started'
`,
    );
    await chmod(nodeos, 0o755);

    const worker = await workOnSmallDisk(scene, url, { options: 'size=8m' }, ['--nodeos', nodeos]);

    const first = await untilJob(url, 1, 'is over', ({ status }) => status === 'ERROR');
    expect(first).toMatchObject({ error_cause: 'disk-full', attempt: 1 });
    expect(first.error_message).toMatch(/The disk is full: the log .*replay\.log cannot be written/u);
    const second = await untilJob(url, 2, 'is done', ({ status }) => status === 'COMPLETE');
    expect(second).toMatchObject({ verdict: 'VERIFIED', attempt: 1 });
    expect(worker.ended).toBe(false);
  });

  test('from the beginning: the worker does not start, exit code 6', async () => {
    const { worker, job } = await runInto({ disk: 'size=512k' });
    expect(worker.code).toBe(6);
    expect(worker.stderr).toMatch(/no space is left on the disk.*Make room/su);
    expect(job).toMatchObject({ status: 'WAITING_4_WORKER', attempt: 0 });
  });
});

describe('a disk without inodes', () => {
  test('in the middle of an attempt', async () => {
    const end = await runInto({ disk: 'size=64m,nr_inodes=140', chain: { stride: 10 } });
    expect(end).toMatchObject({
      ...failure('disk-full', /no space is left.*inodes are free.*it is their number that counts/su),
      // The note of the job is a file, too.
      worker: {
        code: 1,
        stderr: expect.stringMatching(/^(?:\S+ warn {2}The job cannot be noted .*ENOSPC.*\n)*$/u),
      },
    });
  });

  test('from the beginning: the worker does not start, exit code 6', async () => {
    const { worker, job } = await runInto({ disk: 'size=64m,nr_inodes=50' });
    expect(worker.code).toBe(6);
    expect(worker.stderr).toMatch(/\d+ inodes are free in .*alpha, 100 are needed/u);
    expect(job).toMatchObject({ status: 'WAITING_4_WORKER', attempt: 0 });
  });
});

describe('a disk that is read-only', () => {
  test('where the attempts are', async () => {
    const end = await runInto({
      disk: 'size=64m',
      prepare: 'mkdir attempts; mount --bind attempts attempts; mount -o remount,bind,ro attempts',
    });
    expect(end).toMatchObject(failure('disk-full', /the file system is read-only/u));
  });

  test('from the beginning: the worker does not start, exit code 6', async () => {
    const { worker, job } = await runInto({ disk: 'size=64m', prepare: 'mount -o remount,ro .' });
    expect(worker.code).toBe(6);
    expect(worker.stderr).toMatch(/read-only file system.*choose another with --data-dir/su);
    expect(job).toMatchObject({ status: 'WAITING_4_WORKER', attempt: 0 });
  });

  test('from some moment on: no job is taken until it is mended', async () => {
    const scene = await Scene.create();
    const slice = await sampleSlice(scene);
    const { url } = await scene.serve(await writeManifest(scene.path('manifest.json'), [slice]));
    const other = orchestratorClient({ baseUrl: url, workerId: 'other' });
    const offer = await other.nextJob();
    const claimed = await other.update(1, offer!.etag, { status: 'STARTED' });
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const worker = await workOnSmallDisk(scene, url, { options: 'size=64m' }, ['--nodeos', nodeos]);
    await worker.waitFor(/No job waits/u);

    await remount(worker, scene.path('alpha'), 'ro');
    await other.update(1, claimed, { status: 'WAITING_4_WORKER', error_cause: 'interrupted' });
    await worker.waitFor(/No job is taken: .*alpha cannot be used: the file system is read-only/u);
    expect(await jobOf(url, 1)).toMatchObject({ status: 'WAITING_4_WORKER', attempt: 1 });

    await remount(worker, scene.path('alpha'), 'rw');
    const job = await untilJob(url, 1, 'is done', ({ status }) => status === 'COMPLETE');
    expect(job).toMatchObject({ verdict: 'VERIFIED', attempt: 2, worker_id: 'alpha' });
  });
});

describe('a file that arrives as it should not', () => {
  const change =
    (spoil: (bytes: Buffer) => Buffer, more: Partial<ManifestSlice> = {}) =>
    async (slice: ManifestSlice, scene: Scene): Promise<ManifestSlice> => ({
      ...slice,
      ...more,
      snapshot_path: await scene.write(
        `chain/snapshots/spoilt${slice.snapshot_path.endsWith('.zst') ? '.bin.zst' : '.bin'}`,
        spoil(await readFile(slice.snapshot_path)),
      ),
    });
  const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);
  const flipped = (bytes: Buffer): Buffer => {
    const copy = Buffer.from(bytes);
    const middle = Math.floor(copy.length / 2);
    copy[middle] = copy[middle]! ^ 0xff;
    return copy;
  };
  const large = { snapshotBytes: 2 * MIB };

  test.each<[string, Partial<SampleChainOptions>, Trouble['slice'], string, RegExp]>([
    ['a snapshot cut off half-way', large, change(half), 'corrupt-snapshot', /spoilt\.bin\.zst is damaged/u],
    [
      'a snapshot cut off half-way, not compressed',
      { ...large, compress: false },
      change(half),
      'corrupt-snapshot',
      /snapshot/u,
    ],
    [
      'a snapshot with a wrong byte, compressed with a checksum',
      large,
      change((bytes) => flipped(zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }))),
      'corrupt-snapshot',
      /damaged/u,
    ],
    [
      'a snapshot with another checksum than the manifest says',
      { ...large, compress: false },
      change(flipped, { snapshot_sha256: 'ab'.repeat(32) }),
      'corrupt-snapshot',
      /its SHA-256 is [0-9a-f]{64}, expected (?:ab){32}/u,
    ],
    ['an empty snapshot', large, change(() => Buffer.alloc(0)), 'corrupt-snapshot', /empty/u],
    [
      'a block file cut off half-way',
      { compress: false },
      async (slice, scene) => {
        const folder = scene.path('chain', 'blocks');
        for (const name of await readdir(folder)) {
          if (name.endsWith('.log'))
            await scene.write(join(folder, name), half(await readFile(join(folder, name))));
        }
        return slice;
      },
      'blocks-log',
      /blocks-.*\.log/u,
    ],
  ])('%s', async (_what, chain, slice, cause, message) => {
    const end = await runInto({ disk: 'size=64m', chain, slice: slice! });
    expect(end).toMatchObject(failure(cause, message));
  });
});
