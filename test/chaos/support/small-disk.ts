import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Running } from '../../e2e/support/replay.ts';
import type { Scene } from '../../e2e/support/scene.ts';
import { until } from '../../e2e/support/until.ts';
import { type DiskOptions, PrivateDisk } from './private-disk.ts';

const run = promisify(execFile);

/** A worker whose work directory is a small disk. */
export async function workOnSmallDisk(
  scene: Scene,
  url: string,
  disk: Omit<DiskOptions, 'folder'>,
  args: readonly string[],
): Promise<Running> {
  const { under } = await PrivateDisk.create(scene, { ...disk, folder: scene.path('alpha') });
  return scene.work('alpha', url, args, { stay: true, under });
}

/** Mounts the worker's disk anew, `ro` or `rw`. While a file is being written that is refused. */
export async function remount({ child }: Running, folder: string, how: 'ro' | 'rw'): Promise<void> {
  const where = ['--target', String(child.pid), '--mount', '--'];
  await until(`the disk to be ${how}`, () =>
    run('nsenter', [...where, 'mount', '-o', `remount,${how}`, folder]).then(
      () => true,
      () => false,
    ),
  );
}
