import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import { syncFolder, writeFileAtomically } from '../files/atomic-file.ts';

/** What is fixed about a run when it begins; `run.json` in its folder. */
export interface RunInfo {
  /** From 1, also the name of the folder, with four digits. */
  runId: number;
  createdAt: string;
  /** The run's jobs are `firstJobId` to `firstJobId + jobCount - 1`. */
  firstJobId: number;
  jobCount: number;
  /** Makes the run's ETags its own. */
  salt: string;
  /** What was set when the run was last started; absent in a run that has just begun. */
  settings?: RunSettings;
  /** Of a run that was begun over HTTP; absent in one that a start has begun. */
  begun?: BegunRun;
  /** Revisions were given from here on when the run last went on after a restart (revisions.ts). */
  firstRevision?: number;
}

/** How a run was begun over HTTP. Its manifest is `manifest.json` in its folder. */
export interface BegunRun {
  /** SHA-256 of the request, so that one that is sent again begins no other run. */
  request: string;
  /** Jobs that were held in the run before, and were lost by their holders. */
  jobsTaken: number;
  /** What relative paths of the manifest are relative to. */
  manifestFolder: string;
  /** Name or id of the token; null: nobody was asked for one. */
  by: string | null;
}

/** How failures are dealt with (domain/retry-policy.ts). */
export interface RunSettings {
  /** Budgets by cause. */
  retries: Partial<Record<string, number>>;
  confirmMismatch: boolean;
  /** The term of the leases at the last start; absent in a run of an older version. */
  leaseSeconds?: number;
}

export interface RunFolder {
  path: string;
  info: RunInfo;
}

export function runPath(dataDir: string, runId: number): string {
  return join(dataDir, 'runs', String(runId).padStart(4, '0'));
}

/**
 * The runs of a data directory, oldest first. `run.json` is the last thing that is written when a run
 * begins: a folder without it was never in use, and is removed.
 */
export async function listRuns(dataDir: string): Promise<RunFolder[]> {
  const root = join(dataDir, 'runs');
  await mkdir(root, { recursive: true });
  const names = (await readdir(root)).filter((name) => /^\d{4,}$/.test(name));
  const runs = await Promise.all(names.map((name) => readRun(join(root, name))));
  return runs.filter((run) => run !== null).toSorted((a, b) => a.info.runId - b.info.runId);
}

async function readRun(path: string): Promise<RunFolder | null> {
  const file = join(path, 'run.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) {
    await rm(path, { recursive: true, force: true });
    return null;
  }
  return { path, info: parseRun(text, file) };
}

/** Removes a run that nobody has worked on: first what makes it one. */
export async function removeRun(dataDir: string, runId: number): Promise<void> {
  const path = runPath(dataDir, runId);
  await rm(join(path, 'run.json'), { force: true });
  // After a power cut a run without its files would keep the orchestrator from starting.
  await syncFolder(path);
  await rm(path, { recursive: true, force: true });
}

/** @throws UserError when the text is not that of a `run.json` */
export function parseRun(text: string, file: string): RunInfo {
  try {
    const info = JSON.parse(text) as RunInfo;
    if ([info.runId, info.firstJobId, info.jobCount].every(Number.isSafeInteger) && info.salt) return info;
  } catch {
    // Reported below, like any other content that is not a run's.
  }
  throw new UserError({
    code: 'DATA_DIR_DAMAGED',
    message: `${file} is damaged: it does not describe a run.`,
    hint: 'Restore the file from a backup, or start with another --data-dir.',
    exitCode: ExitCode.cannotStart,
  });
}

/** Writes `run.json`, with which the run exists. */
export async function writeRunInfo(path: string, info: RunInfo): Promise<void> {
  await writeFileAtomically(join(path, 'run.json'), `${JSON.stringify(info, null, 4)}\n`);
  await syncFolder(join(path, '..'));
}
