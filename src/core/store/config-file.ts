import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode } from '../domain/exit-codes.ts';
import type { KnownSlice } from '../domain/manifest/same-run.ts';
import { UserError } from '../domain/user-error.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';

const NAME = 'config-slices.json';

/**
 * In the folder of a run whose manifest came over HTTP: the slices that the manifest file of `serve` had
 * when the run began, with the hashes that may have been written back into it. As long as the file is that
 * one, a start goes on with the run, and does not begin another one with what it replaced.
 */
export async function writeConfigSlices(path: string, slices: readonly KnownSlice[]): Promise<void> {
  const lines = slices.map((slice) => JSON.stringify(slice));
  await writeFileAtomically(join(path, NAME), `[\n${lines.join(',\n')}\n]\n`);
}

/** @throws UserError when the file is gone or damaged: nobody can say then which run is to go on */
export async function readConfigSlices(path: string): Promise<KnownSlice[]> {
  const file = join(path, NAME);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const slices = parse(text);
  if (slices !== null) return slices;
  throw new UserError({
    code: 'DATA_DIR_DAMAGED',
    message: `${file} is damaged: it does not hold the slices that the manifest file had when the run began.`,
    hint: `Restore the file from a backup; or go on with the run by giving its own manifest, ${join(path, 'manifest.json')}, with --config.`,
    exitCode: ExitCode.cannotStart,
  });
}

function parse(text: string): KnownSlice[] | null {
  try {
    const slices: unknown = JSON.parse(text);
    const isKnown = (value: KnownSlice | null): boolean => typeof value?.slice?.sliceId === 'number';
    return Array.isArray(slices) && (slices as KnownSlice[]).every(isKnown) ? (slices as KnownSlice[]) : null;
  } catch {
    return null;
  }
}
