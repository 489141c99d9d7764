import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorkScene } from './support/work-scene.ts';

describe('a job that fails while its files are being fetched', () => {
  it('for want of a snapshot or of blocks fails before nodeos is started', async () => {
    const scene = await createWorkScene();
    const { chain } = scene;
    const snapshots = join(scene.folder, 'chain', 'snapshots');
    const second = (await readdir(snapshots)).find((name) =>
      name.includes(String(chain.slices[1]?.startBlock)),
    );
    await rm(join(snapshots, second ?? ''));
    const blocks = join(scene.folder, 'chain', 'blocks');
    for (const name of await readdir(blocks)) if (name.includes('blocks-241-')) await rm(join(blocks, name));
    await scene.work();
    const jobs = await scene.client.status();
    expect(jobs.map(({ status, error_cause: cause }) => `${status} ${cause}`)).toEqual([
      'COMPLETE null',
      'ERROR bad-job',
      'ERROR blocks-log',
    ]);
    expect(await readdir(join(scene.folder, 'work', 'logs'))).toHaveLength(1);
  });

  it('ends a worker that was to take one job as failed', async () => {
    const scene = await createWorkScene();
    await rm(join(scene.folder, 'chain', 'blocks'), { recursive: true });
    await expect(scene.work({ once: true, exitWhenDrained: false })).resolves.toBe('failed');
  });

  it('for another product is not replayed with this one', async () => {
    const scene = await createWorkScene();
    const nodeosPath = await scene.nodeos({ version: '5.0.3' });
    await scene.work({ nodeosPath, once: true, exitWhenDrained: false });
    const [job] = await scene.client.status();
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'install' });
  });
});
