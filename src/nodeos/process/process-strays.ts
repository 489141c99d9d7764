import { readdir, readFile, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { endProcess, identify } from './process-record.ts';
import type { ProcessRecord } from './process-record.ts';

/**
 * Stands in the environment of each nodeos that we start, and of all that it starts; its value is the
 * attempt's folder. Unlike a name or a working directory nothing else has it by chance.
 */
const MARK = 'REPLAY_NODEOS_OF';

/** What marks a process as ours. */
export async function markOf(directory: string): Promise<NodeJS.ProcessEnv> {
  return { [MARK]: await realpath(directory) };
}

/**
 * Ends every marked process of the attempts in a folder: a worker that was killed between the start of
 * its nodeos and the note of it has left one that no record names. Where /proc does not show the
 * environment of a process (another user's), it is not ours.
 * @returns the pids that were ended
 */
export async function endStrays(attempts: string): Promise<number[]> {
  const ended: number[] = [];
  for (const record of await findStrays(attempts)) {
    if (await endProcess(record)) ended.push(record.pid);
  }
  return ended;
}

/** The marked processes of the attempts in a folder, those of a worker that is at work included. */
export async function findStrays(attempts: string): Promise<ProcessRecord[]> {
  const folder = await realpath(attempts).catch(() => null);
  if (folder === null) return [];
  const found: ProcessRecord[] = [];
  for (const name of await readdir('/proc').catch(() => [])) {
    const pid = Number(name);
    if (!Number.isSafeInteger(pid) || pid === process.pid) continue;
    const record = await identify(pid);
    if (record !== null && (await isMarked(pid, `${folder}${sep}`))) found.push(record);
  }
  return found;
}

async function isMarked(pid: number, folder: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const mark = environment.split('\0').find((entry) => entry.startsWith(`${MARK}=`));
  return mark?.slice(MARK.length + 1).startsWith(folder) === true;
}
