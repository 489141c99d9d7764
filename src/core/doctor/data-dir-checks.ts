import { mkdtemp, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ProcessIdentity } from '../files/process-identity.ts';
import { lockHolder } from '../files/lock.ts';
import { formatBytes } from '../format/bytes.ts';
import { diskProblem, freeBytes } from '../storage/free-space.ts';
import { checkInodes, checkWritable } from '../worker/disk-check.ts';
import { findStrays } from '../../nodeos/process/process-strays.ts';
import { failed, ok, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Role } from './judge-host.ts';
import type { Check } from './run-checks.ts';

/** Free space below which an orchestrator is not well; a run of 100,000 slices takes some hundred megabytes. */
const SERVE_FAILED_BYTES = 100 * 1024 ** 2;
const SERVE_WARNING_BYTES = 1024 ** 3;

export interface DataDirOptions {
  dataDir: string;
  role: Role;
  /** For `work`: what must be free before a job is taken. */
  minFreeDiskBytes: number;
}

/** What is asked of the data directory. It is not made: what would be made is tried where it would stand. */
export function dataDirChecks(options: DataDirOptions): Check[] {
  const { role, minFreeDiskBytes } = options;
  const dataDir = resolve(options.dataDir);
  const checks: Check[] = [
    { id: 'data-dir', run: () => checkDataDir(dataDir) },
    {
      id: 'disk-space',
      run: async () =>
        judgeSpace(await freeBytes(await existingPartOf(dataDir)), dataDir, role, minFreeDiskBytes),
    },
    { id: 'inodes', run: () => checkInodesIn(dataDir) },
    { id: 'lock', run: async () => judgeLock(await lockHolder(dataDir), dataDir, role) },
  ];
  if (role === 'serve') return checks;
  const leftovers = async (): Promise<Finding> => {
    const strays = await findStrays(join(dataDir, 'attempts'));
    return judgeLeftovers(
      strays.map(({ pid }) => pid),
      (await lockHolder(dataDir)) !== null,
    );
  };
  return [...checks, { id: 'leftover-nodeos', run: leftovers }];
}

/** The directory itself, or the nearest one above it that is there. */
export async function existingPartOf(dataDir: string): Promise<string> {
  for (let at = resolve(dataDir); ; at = dirname(at)) {
    const info = await stat(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && at !== dirname(at)) return null;
      throw error;
    });
    if (info === null) continue;
    if (!info.isDirectory()) throw new Error(`${at} is no directory`);
    return at;
  }
}

/** Writes in a folder of its own: a worker may be writing in the directory, and a person's files in the one above. */
async function checkDataDir(dataDir: string): Promise<Finding> {
  const mend = 'Give the user that runs replay the right to write there, or use another --data-dir.';
  let trial: string | null = null;
  try {
    const base = await existingPartOf(dataDir);
    trial = await mkdtemp(join(base, '.replay-doctor-'));
    const { ok: isOk, message } = await checkWritable(trial);
    if (!isOk) return failed(message.replaceAll(trial, base), mend);
    return ok(
      base === dataDir
        ? message.replaceAll(trial, dataDir)
        : `${dataDir} is not there yet, and can be made in ${base}`,
    );
  } catch (error) {
    const reason = diskProblem(error) ?? (error instanceof Error ? error.message : String(error));
    return failed(`${dataDir} cannot be used: ${reason}`, mend);
  } finally {
    if (trial !== null) await rm(trial, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function checkInodesIn(dataDir: string): Promise<Finding> {
  const { ok: isOk, message } = await checkInodes(await existingPartOf(dataDir));
  return isOk ? ok(message) : failed(message, 'Remove files on that disk, or use another --data-dir.');
}

export function judgeSpace(free: number, dataDir: string, role: Role, minFree: number): Finding {
  const needed = role === 'serve' ? SERVE_FAILED_BYTES : minFree;
  const what = `${formatBytes(free)} are free for ${dataDir}`;
  const values = { free_bytes: free, needed_bytes: needed };
  const mend = 'Make room on that disk, or use another --data-dir.';
  if (free < needed) {
    const flag = role === 'work' ? ' (--min-free-disk)' : '';
    return failed(`${what}, ${formatBytes(needed)} are needed${flag}`, mend, values);
  }
  if (role === 'serve' && free < SERVE_WARNING_BYTES) {
    return warning(`${what}: when the disk is full, no result can be stored`, mend, values);
  }
  return ok(role === 'work' ? `${what}, ${formatBytes(needed)} are needed` : what, values);
}

export function judgeLock(holder: ProcessIdentity | null, dataDir: string, role: Role): Finding {
  if (holder === null) return ok(`Nobody holds ${dataDir}`, { pid: null });
  const program = role === 'work' ? 'worker' : 'orchestrator';
  return warning(
    `${dataDir} is held by process ${holder.pid} on ${holder.host}: another ${program} cannot start on it`,
    `Nothing, if that is the ${program} you mean; else stop it, or use another --data-dir.`,
    { pid: holder.pid, host: holder.host },
  );
}

/** @param held a worker is at work here: then they are its own */
export function judgeLeftovers(pids: readonly number[], held: boolean): Finding {
  const values = { count: pids.length };
  if (pids.length === 0) return ok('No nodeos of this directory is running', values);
  const list = pids.join(', ');
  if (held) return ok(`The worker that holds the directory is running nodeos (pid ${list})`, values);
  return warning(
    `A nodeos that a killed worker left is still running (pid ${list})`,
    `The next worker here ends it; by hand: kill ${pids.join(' ')}.`,
    values,
  );
}
