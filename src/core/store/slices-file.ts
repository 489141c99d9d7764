import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode } from '../domain/exit-codes.ts';
import type { Slice } from '../domain/slice.ts';
import { UserError } from '../domain/user-error.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import type { RunFolder } from './run-folder.ts';

const NAME = 'slices.json';

/**
 * Writes down the slices that a run began with: their paths resolved, and with the hashes that were
 * known before (K), which the manifest itself does not keep. One slice a line; never changed.
 */
export async function writeSlices(path: string, slices: readonly Slice[]): Promise<void> {
  const lines = slices.map((slice) => JSON.stringify(slice));
  await writeFileAtomically(join(path, NAME), `[\n${lines.join(',\n')}\n]\n`);
}

/** @throws UserError when the file is not what the run was begun with: its jobs would mean nothing */
export async function readSlices({ path, info }: RunFolder): Promise<Slice[]> {
  const file = join(path, NAME);
  const slices = parse(await readFile(file, 'utf8').catch(missing));
  if (slices?.length === info.jobCount) return slices;
  throw new UserError({
    code: 'DATA_DIR_DAMAGED',
    message: `${file} is damaged: it does not hold the ${info.jobCount} slices of the run.`,
    hint: 'Restore the file from a backup, or start with another --data-dir.',
    exitCode: ExitCode.cannotStart,
  });
}

function missing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}

function parse(text: string): Slice[] | null {
  try {
    const slices: unknown = JSON.parse(text);
    return Array.isArray(slices) ? (slices as Slice[]) : null;
  } catch {
    return null;
  }
}
