import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.ts';

export interface Lock {
  /** Gives the directory free. Does nothing when the lock has become another's. */
  release(): Promise<void>;
}

/**
 * Takes the data directory for this process. NeDB has no lock of its own: a second process on the
 * same file destroys what the first one writes. The lock of a process that died is taken over.
 * @throws UserError with the exit code `cannotStart` that names the holder
 */
export async function acquireLock(dataDir: string): Promise<Lock> {
  const path = join(dataDir, 'lock');
  const identity = await ownIdentity();
  const content = JSON.stringify({ ...identity, nonce: randomBytes(8).toString('hex') });
  // More than a few rounds mean that others keep coming first.
  for (let round = 0; round < 5; round += 1) {
    if (await createWhole(path, content)) return { release: () => release(path, content) };
    const found = await readFile(path, 'utf8').catch(() => null);
    if (found === null) continue;
    const holder = parseIdentity(found);
    if (holder && (await isRunning(holder))) throw heldBy(holder, dataDir);
    await removeStale(path, found);
  }
  throw new UserError({
    code: 'DATA_DIR_BUSY',
    message: `The data directory ${dataDir} could not be locked: other processes are starting on it.`,
    hint: 'Start one orchestrator on a data directory.',
    exitCode: ExitCode.cannotStart,
  });
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
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Moves the dead holder's lock away. When another process has replaced it in between, it is put back. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.stale-${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, 'utf8').catch(() => stale);
  if (moved !== stale) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
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
