import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { endLeftover } from '../../nodeos/process/process-record.ts';

/** How many attempts' logs are kept. Each may be some ten MB. */
export const KEPT_LOGS = 20;

export interface AttemptName {
  jobId: number;
  /** From 1. */
  attempt: number;
}

function nameOf({ jobId, attempt }: AttemptName): string {
  return `job-${jobId}-attempt-${attempt}`;
}

/** The attempt's own folder, absolute. */
export function attemptDirectory(dataDir: string, name: AttemptName): string {
  return resolve(dataDir, 'attempts', nameOf(name));
}

/** Makes it anew, empty: nothing of an earlier attempt can leak into it. */
export async function createAttemptDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
}

/**
 * Removes what attempts have left: the data of a failed one, and all that a killed worker left, its
 * nodeos included. Only for the holder of the work directory's lock. Returns the pids that were ended.
 */
export async function clearAttempts(dataDir: string): Promise<number[]> {
  const folder = resolve(dataDir, 'attempts');
  const ended: number[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const directory = join(folder, name);
    const pid = await endLeftover(directory);
    if (pid !== null) ended.push(pid);
    await rm(directory, { recursive: true, force: true });
  }
  return ended;
}

/** Moves nodeos's logs out of the attempt's folder, so that they outlive it, and removes the oldest ones. */
export async function keepLogs(dataDir: string, directory: string, name: AttemptName): Promise<void> {
  const logs = resolve(dataDir, 'logs');
  await mkdir(logs, { recursive: true });
  const target = join(logs, nameOf(name));
  await rm(target, { recursive: true, force: true });
  // There is no log when nodeos was never started.
  await rename(join(directory, 'log'), target).catch(() => undefined);
  await removeOldest(logs);
}

/** Removes the kept logs, all of them. */
export async function removeLogs(dataDir: string): Promise<void> {
  await rm(resolve(dataDir, 'logs'), { recursive: true, force: true });
}

async function removeOldest(logs: string): Promise<void> {
  const entries: { path: string; time: number }[] = [];
  for (const name of await readdir(logs)) {
    const path = join(logs, name);
    const info = await stat(path).catch(() => null);
    if (info !== null) entries.push({ path, time: info.mtimeMs });
  }
  const old = entries.toSorted((a, b) => b.time - a.time).slice(KEPT_LOGS);
  for (const { path } of old) await rm(path, { recursive: true, force: true });
}
