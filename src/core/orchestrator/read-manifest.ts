import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ExitCode } from '../domain/exit-codes.ts';
import { formatProblem, formatProblems } from '../domain/manifest/format-problem.ts';
import { parseManifest, type CheckNodeosOptions } from '../domain/manifest/parse.ts';
import { resolveSlicePaths } from '../domain/manifest/resolve-paths.ts';
import type { Slice } from '../domain/slice.ts';
import { UserError } from '../domain/user-error.ts';
import type { Logger } from '../log/logger.ts';

export interface ReadManifest {
  /** The file as it is, byte for byte. */
  text: string;
  /** With their paths resolved. */
  slices: Slice[];
}

/**
 * Reads and checks a manifest. Warnings go to the log, mistakes are shown all at once.
 * @throws UserError with the exit code `invalidInput`
 */
export async function readManifest(
  path: string,
  checkNodeosOptions: CheckNodeosOptions,
  logger: Logger,
): Promise<ReadManifest> {
  const text = await readText(path);
  const parsed = parseManifest(text, checkNodeosOptions);
  if (!parsed.ok) {
    throw new UserError({
      code: 'MANIFEST_INVALID',
      message: `The manifest ${path} has mistakes:\n${formatProblems(parsed.problems)}`,
      hint: 'Correct them all and start again; nothing was started.',
      exitCode: ExitCode.invalidInput,
    });
  }
  for (const warning of parsed.warnings) {
    logger.warn({ slice: warning.sliceId, code: warning.code }, `manifest: ${formatProblem(warning)}`);
  }
  return { text, slices: resolveSlicePaths(parsed.slices, dirname(resolve(path))) };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError({
      code: 'MANIFEST_UNREADABLE',
      message: `The manifest ${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}.`,
      hint: 'Give the manifest file with --config.',
      exitCode: ExitCode.invalidInput,
      cause: error,
    });
  }
}
