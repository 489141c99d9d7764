import { join } from 'node:path';
import { UserError } from '../domain/user-error.ts';
import { acquireLock } from '../files/lock.ts';
import type { Lock } from '../files/lock.ts';

/**
 * Takes the work directory for this process: two workers in one would remove each other's data. The
 * lock of a process that died is taken over. Throws a UserError that names the holder.
 */
export async function lockWorkDirectory(dataDir: string): Promise<Lock> {
  try {
    return await acquireLock(dataDir);
  } catch (error) {
    // Of a directory that cannot be used at all the message says what to do.
    if (!(error instanceof UserError) || error.code === 'DATA_DIR_UNUSABLE') throw error;
    throw new UserError({
      code: error.code,
      message: error.message,
      hint: `Give each worker on a machine its own --data-dir. If it is certain that the holder no longer runs, delete ${join(dataDir, 'lock')}.`,
      exitCode: error.exitCode,
      cause: error,
    });
  }
}
