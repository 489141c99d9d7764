import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Running, RunOptions } from '../../e2e/support/replay.ts';
import type { Scene } from '../../e2e/support/scene.ts';
import { until } from '../../e2e/support/until.ts';

const run = promisify(execFile);

/** Mounts a file system in memory, does what else is to be done to it, and becomes the program. */
const SCRIPT = 'mount -t tmpfs -o "$1" tmpfs "$2"; cd "$2"; eval "$3"; shift 3; exec "$@"';

/**
 * Words before a program that give it a disk of its own at `folder`, which nobody else sees and which is
 * gone with the program. It needs root, as mounts do; without it the program ends with what `unshare` says.
 * @param options of tmpfs(5), such as `size=8m`
 * @param prepare shell commands that are run in the folder first
 */
export function onSmallDisk(folder: string, options: string, prepare = ':'): readonly string[] {
  return [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-ec',
    SCRIPT,
    'sh',
    options,
    folder,
    prepare,
  ];
}

/** A worker whose work directory is a small disk. */
export async function workOnSmallDisk(
  scene: Scene,
  url: string,
  disk: { options: string; prepare?: string },
  args: readonly string[],
): Promise<Running> {
  await mkdir(scene.path('alpha'), { recursive: true });
  const options: RunOptions & { stay: boolean } = {
    stay: true,
    under: onSmallDisk(scene.path('alpha'), disk.options, disk.prepare),
  };
  return scene.work('alpha', url, args, options);
}

/** Runs a command where the worker's disk can be seen. */
export async function beside(worker: Running, command: readonly string[]): Promise<string> {
  const { stdout } = await run('nsenter', [
    '--target',
    String(worker.child.pid),
    '--mount',
    '--',
    ...command,
  ]);
  return stdout;
}

/** Mounts the worker's disk anew, `ro` or `rw`. While a file is being written that is refused. */
export async function remount(worker: Running, folder: string, how: 'ro' | 'rw'): Promise<void> {
  await until(`the disk to be ${how}`, () =>
    beside(worker, ['mount', '-o', `remount,${how}`, folder]).then(
      () => true,
      () => false,
    ),
  );
}
