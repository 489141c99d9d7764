import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { unusable } from './unusable.ts';

export interface Lock {
  /** Gives the directory free. Does nothing when the lock has become another's. */
  release(): Promise<void>;
}

/**
 * Takes the data directory, which is created if need be, for this process. NeDB has no lock of its own:
 * a second process on the same file destroys what the first one writes. The lock of a process that died
 * is taken over.
 * @throws UserError with the exit code `cannotStart`; it names the holder
 */
export async function acquireLock(dataDir: string): Promise<Lock> {
  try {
    await mkdir(dataDir, { recursive: true });
    return await acquire(dataDir);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unusable(dataDir, error);
  }
}

async function acquire(dataDir: string): Promise<Lock> {
  const path = join(dataDir, 'lock');
  const identity = await ownIdentity();
  const content = JSON.stringify({ ...identity, nonce: randomBytes(8).toString('hex') });
  // More rounds mean that others keep coming first.
  for (let round = 0; round < 20; round += 1) {
    if (await createWhole(path, content)) return { release: () => release(path, content) };
    const found = await readFile(path, 'utf8').catch(() => null);
    if (found === null) continue;
    const holder = parseIdentity(found);
    if (holder && (await isRunning(holder))) throw heldBy(holder, dataDir);
    await removeStale(path, found, content);
  }
  throw new UserError({
    code: 'DATA_DIR_BUSY',
    message: `The data directory ${dataDir} could not be locked: other processes are starting on it.`,
    hint: 'Start one orchestrator on a data directory.',
    exitCode: ExitCode.cannotStart,
  });
}

/** Who holds the directory now; null when nobody does, or only somebody who died. Changes nothing. */
export async function lockHolder(dataDir: string): Promise<ProcessIdentity | null> {
  const content = await readFile(join(dataDir, 'lock'), 'utf8').catch(() => null);
  const holder = content === null ? null : parseIdentity(content);
  return holder !== null && (await isRunning(holder)) ? holder : null;
}

/** Creates the lock with its content in one step, so that nobody reads half of it. False when there is one. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(temporary, 'wx', 0o644);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await linkOrWrite(temporary, path, content);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Some file systems have no hard links; there the lock is empty for a moment. */
async function linkOrWrite(temporary: string, path: string, content: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    await writeFile(path, content, { flag: 'wx' });
  }
}

/**
 * Removes a dead holder's lock. Of several processes that find it only one may do so, or one would remove
 * what another has just taken: a second file decides which one, and under it the lock is looked at again.
 */
async function removeStale(path: string, stale: string, content: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await createWhole(guard, content))) {
    const guardian = await readFile(guard, 'utf8').catch(() => null);
    const holder = guardian === null ? null : parseIdentity(guardian);
    // A process that died in the middle of this: nobody else would remove its file.
    if (holder && !(await isRunning(holder))) await rm(guard, { force: true });
    return;
  }
  try {
    const found = await readFile(path, 'utf8').catch(() => null);
    if (found === stale) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function release(path: string, content: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found === content) await rm(path, { force: true });
}

function parseIdentity(content: string): ProcessIdentity | null {
  try {
    const value = JSON.parse(content) as ProcessIdentity;
    return Number.isInteger(value.pid) && value.pid > 0 && typeof value.host === 'string' ? value : null;
  } catch {
    return null;
  }
}

function heldBy(holder: ProcessIdentity, dataDir: string): UserError {
  return new UserError({
    code: 'DATA_DIR_HELD',
    message: `The data directory ${dataDir} is held by process ${holder.pid} on host ${holder.host}.`,
    hint: `Stop that orchestrator or use another --data-dir. If it is certain that it no longer runs, delete ${join(dataDir, 'lock')}.`,
    exitCode: ExitCode.cannotStart,
  });
}
