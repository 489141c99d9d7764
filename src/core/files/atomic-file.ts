import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file as a whole: after a crash there is either the old content or the new one. The
 * temporary file stands beside it, because a rename works only within one file system.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Buffer,
  { mode = 0o644, owner }: { mode?: number; owner?: { uid: number; gid: number } } = {},
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      // The mode given to open() is cut by the umask.
      await file.chmod(mode);
      // Only root can give a file away; for anybody else the new file is their own.
      if (owner) await file.chown(owner.uid, owner.gid).catch(() => undefined);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes a rename or a new file in the folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
