import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '../format/bytes.ts';
import { diskProblem } from '../storage/free-space.ts';

/** An attempt makes some dozen files beside its block files. */
export const MIN_FREE_INODES = 100;

/** More than a file system hides in its own structures; written and removed within milliseconds. */
const WRITTEN_BYTES = 1024 * 1024;

/** One look at the work directory's disk. The text says what was found, good or bad. */
export interface DiskCheck {
  ok: boolean;
  message: string;
}

/** Free space, as the system tells it. */
export async function checkSpace(dataDir: string, minFreeBytes: number): Promise<DiskCheck> {
  return told(dataDir, async () => {
    const { bavail, bsize } = await statfs(dataDir);
    const free = bavail * bsize;
    const found = `${formatBytes(free)} are free in ${dataDir}`;
    if (free >= minFreeBytes) return { ok: true, message: found };
    return { ok: false, message: `${found}, ${formatBytes(minFreeBytes)} are needed (--min-free-disk)` };
  });
}

/** Free inodes: a disk without any takes no new file, however much space it has. */
export async function checkInodes(dataDir: string): Promise<DiskCheck> {
  return told(dataDir, async () => {
    const { files, ffree } = await statfs(dataDir);
    // Some file systems (Btrfs) have no such limit, and say 0.
    if (files === 0) return { ok: true, message: 'the file system has no limit of inodes' };
    const found = `${ffree} inodes are free in ${dataDir}`;
    if (ffree >= MIN_FREE_INODES) return { ok: true, message: found };
    return {
      ok: false,
      message: `${found}, ${MIN_FREE_INODES} are needed: remove files, it is their number that counts`,
    };
  });
}

/** Really writes a file and brings it to the disk: a disk may be full, read-only or broken whatever it says of itself. */
export async function checkWritable(dataDir: string): Promise<DiskCheck> {
  const path = join(dataDir, 'write-check');
  return told(dataDir, async () => {
    try {
      const file = await open(path, 'w');
      try {
        await file.writeFile(Buffer.alloc(WRITTEN_BYTES, 0x5a));
        await file.sync();
      } finally {
        await file.close();
      }
    } finally {
      await rm(path, { force: true }).catch(() => undefined);
    }
    return { ok: true, message: `${formatBytes(WRITTEN_BYTES)} were written to ${dataDir}` };
  });
}

/** Why no job can be done in this directory now, or null: the first of the checks that fails. */
export async function diskObstacle(
  dataDir: string,
  minFreeBytes: number,
): Promise<{ kind: 'space' | 'inodes' | 'write'; message: string } | null> {
  const checks = [
    { kind: 'space', check: () => checkSpace(dataDir, minFreeBytes) },
    { kind: 'inodes', check: () => checkInodes(dataDir) },
    { kind: 'write', check: () => checkWritable(dataDir) },
  ] as const;
  for (const { kind, check } of checks) {
    const { ok, message } = await check();
    if (!ok) return { kind, message };
  }
  return null;
}

async function told(dataDir: string, check: () => Promise<DiskCheck>): Promise<DiskCheck> {
  try {
    return await check();
  } catch (error) {
    const reason = diskProblem(error) ?? (error instanceof Error ? error.message : String(error));
    return { ok: false, message: `${dataDir} cannot be used: ${reason}` };
  }
}
