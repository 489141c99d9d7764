import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { open, writeFile, truncate } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Scene } from '../../e2e/support/scene.ts';
import type { Disk } from './qemu-words.ts';

/** As EC2's instance storage says of itself. */
export const INSTANCE_STORAGE = 'Amazon EC2 NVMe Instance Storage';

/** A disk with nothing on it, which takes no room here. @param model null: that of no instance storage */
export async function emptyDisk(
  scene: Scene,
  name: string,
  gib: number,
  model: string | null = null,
): Promise<Disk> {
  const path = scene.path(`${name}.raw`);
  await writeFile(path, '');
  await truncate(path, gib * 1024 ** 3);
  return { path, model };
}

/** A disk with somebody's file system, with nothing in it. */
export async function foreignDisk(
  scene: Scene,
  name: string,
  gib: number,
  model: string | null = null,
): Promise<Disk> {
  const disk = await emptyDisk(scene, name, gib, model);
  await promisify(execFile)('mke2fs', ['-q', '-t', 'ext4', '-L', 'somebodys', disk.path]);
  return disk;
}

/** What stands where a new file system, or the note that it was mounted, would be written. */
export async function beginningOf({ path }: Disk): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16 * 1024 * 1024), 0);
    return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex');
  } finally {
    await file.close();
  }
}
