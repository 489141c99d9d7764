import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../domain/user-error.ts';
import { parseRun, runPath, type RunInfo } from '../store/run-folder.ts';
import { unreadable } from './run-errors.ts';

/** The folder of a run, as it was found. */
export interface FoundRun {
  /** By the name of the folder, from 1. */
  runId: number;
  path: string;
  /** null: `run.json` does not say what it must. */
  info: RunInfo | null;
}

/**
 * The runs of a data directory, oldest first. Looks, and changes nothing: a folder without `run.json` is
 * one that an orchestrator is making now, or never finished, and is passed over.
 * @throws UserError when the directory is none of an orchestrator, or cannot be read
 */
export async function findRuns(dataDir: string): Promise<FoundRun[]> {
  const names = await readdir(join(dataDir, 'runs')).catch((error: unknown) => {
    throw unreadable(dataDir, error);
  });
  const ids = names.filter((name) => /^\d{4,15}$/.test(name)).map(Number);
  const found = await Promise.all(
    // `0001` and `00001` would be two folders of one number.
    ids.filter((runId) => names.includes(nameOf(runId))).map((runId) => findRun(dataDir, runId)),
  );
  return found.filter((run) => run !== null).toSorted((a, b) => a.runId - b.runId);
}

async function findRun(dataDir: string, runId: number): Promise<FoundRun | null> {
  const path = runPath(dataDir, runId);
  const file = join(path, 'run.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw unreadable(dataDir, error);
  });
  return text === null ? null : { runId, path, info: infoOf(text, file, runId) };
}

/** A folder that was copied under another number is not that run. */
function infoOf(text: string, file: string, runId: number): RunInfo | null {
  try {
    const info = parseRun(text, file);
    return info.runId === runId ? info : null;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function nameOf(runId: number): string {
  return String(runId).padStart(4, '0');
}
