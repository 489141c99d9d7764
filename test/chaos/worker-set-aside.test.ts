/** A host on which too many jobs have failed. */
import { expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { readManifest, writeManifest } from '../e2e/support/chains.ts';
import { statusOf, untilJob } from '../e2e/support/run.ts';
import { Scene } from '../e2e/support/scene.ts';
import { workOnSmallDisk } from './support/small-disk.ts';

const MIB = 1024 * 1024;

test(
  'a host that is set aside looks at itself, and gets jobs again when it is well',
  { timeout: 60_000 },
  async () => {
    const scene = await Scene.create();
    const chain = await writeSampleChain({
      folder: scene.path('chain'),
      slices: 4,
      blocksPerSlice: 1000,
      stride: 1000,
      version: '1.2.2',
      fromGenesis: false,
    });
    const tooLarge = await scene.write('chain/snapshots/large.bin', Buffer.alloc(32 * MIB, 1));
    const slices = await readManifest(chain.manifestPath);
    const changed = slices.map((slice, index) => ({
      ...slice,
      snapshot_path: index < 3 ? tooLarge : scene.path('chain', slice.snapshot_path),
    }));
    const { url } = await scene.serve(await writeManifest(scene.path('manifest.json'), changed));
    const nodeos = await scene.standIn({ version: '1.2.2' });

    const worker = await workOnSmallDisk(scene, url, { options: 'size=8m' }, ['--nodeos', nodeos]);

    await worker.waitFor(
      /gives no jobs to this host\. This host is set aside: its last 3 attempts failed \(disk-full/u,
    );
    await worker.waitFor(/Self-check: all is well/u);
    await untilJob(url, 4, 'is done', ({ verdict }) => verdict === 'VERIFIED');
    const { jobs, summary } = await statusOf(url);
    expect(jobs.map(({ status }) => status)).toEqual(['ERROR', 'ERROR', 'ERROR', 'COMPLETE']);
    expect(summary.hosts_set_aside).toEqual([]);
  },
);
