import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { removeOldStaging } from '../../nodeos/install/install-cache.ts';
import { endStrays } from '../../nodeos/process/process-strays.ts';
import { isRunning } from '../files/process-identity.ts';
import type { ProcessIdentity } from '../files/process-identity.ts';
import { clearAttempts } from './attempt-directory.ts';
import { NODEOS_FOLDER } from './prepare-nodeos.ts';

/** Names that files have while they are written (atomic-file.ts, lock.ts). */
const UNFINISHED = /^(?:held-job\.json|worker-id)\.[0-9a-f]{12}\.tmp$/;
const UNFINISHED_LOCK = /^lock(?:\.takeover)?\.[0-9a-f]{12}$/;

const LOCK_WRITING_MS = 60_000;

/**
 * Removes all that a killed worker has left in the work directory, and ends its nodeos. What it had
 * finished stays: its results, its logs, the installed versions of nodeos. Only for the holder of the
 * directory's lock, before it does anything else. Returns the pids that were ended.
 */
export async function clearLeftBehind(dataDir: string): Promise<number[]> {
  const strays = await endStrays(join(dataDir, 'attempts'));
  const ended = await clearAttempts(dataDir);
  // Nobody else installs here: however new it is, nobody goes on with it.
  await removeOldStaging(join(dataDir, NODEOS_FOLDER), Number.POSITIVE_INFINITY);
  for (const name of await readdir(dataDir)) {
    const path = join(dataDir, name);
    const left = UNFINISHED.test(name) || (UNFINISHED_LOCK.test(name) && (await isOfTheDead(path)));
    if (left) await rm(path, { force: true });
  }
  return [...new Set([...strays, ...ended])];
}

/** A lock that is being made may be that of another worker, which starts right now and will be refused. */
async function isOfTheDead(path: string): Promise<boolean> {
  try {
    return !(await isRunning(JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity));
  } catch {
    // Empty or half-written: nobody takes that long for it.
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    return age > LOCK_WRITING_MS;
  }
}
