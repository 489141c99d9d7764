import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createWorkScene } from './support/work-scene.ts';

it('takes all slices of a chain from the claim to a verdict', async () => {
  const scene = await createWorkScene();
  await expect(scene.work()).resolves.toBe('done');
  const jobs = await scene.client.status();
  expect(jobs.map(({ status, verdict, actual_integrity_hash: hash }) => ({ status, verdict, hash }))).toEqual(
    scene.chain.slices.map(({ hash }) => ({ status: 'COMPLETE', verdict: 'VERIFIED', hash })),
  );
  expect(jobs[1]).toMatchObject({
    last_block_processed: scene.chain.slices[1]?.endBlock,
    nodeos_version: expect.stringContaining('stand-in'),
    attempt: 1,
  });
  expect(Object.keys(jobs[1]?.stage_times ?? {})).toEqual(['install', 'fetch', 'load', 'replay', 'hash']);
  expect(await readdir(join(scene.folder, 'work', 'attempts'))).toEqual([]);
  expect(await readdir(join(scene.folder, 'work'))).not.toContain('held-job.json');
  expect(await readdir(join(scene.folder, 'work', 'logs'))).toHaveLength(3);
});
