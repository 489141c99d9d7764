import { access, constants, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';

/** A file that a report can be written to, as far as can be told before it is. */
export interface ReportFile {
  /** Whole or not at all: a reader sees the old content or the new one. */
  write(content: string | Buffer): Promise<void>;
}

/**
 * Looks at the place first, so that nobody waits hours for a report that cannot be written.
 * @param what it is, for messages
 * @throws UserError when the folder is not there or cannot be written, or the path is no file
 */
export async function openReportFile(path: string, what = 'report'): Promise<ReportFile> {
  try {
    const { file, mode } = await targetOf(path);
    await access(dirname(file), constants.W_OK | constants.X_OK);
    return {
      write: (content) =>
        writeFileAtomically(file, content, { mode }).catch((error: unknown) => {
          throw unwritable(path, what, error);
        }),
    };
  } catch (error) {
    throw error instanceof UserError ? error : unwritable(path, what, error);
  }
}

/** The file itself, where the path is a link, and the access rights that it has or gets. */
async function targetOf(path: string): Promise<{ file: string; mode: number }> {
  const before = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (before === null) return { file: resolve(path), mode: 0o666 & ~process.umask() };
  // A device or a pipe would be replaced by a file.
  if (!before.isFile()) throw new Error('it is there already, and is not a regular file');
  return { file: await realpath(path), mode: before.mode & 0o777 };
}

function unwritable(path: string, what: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UserError({
    code: 'OUTPUT_UNWRITABLE',
    message: `The ${what} cannot be written to ${path}: ${reason}`,
    hint: 'Give --output a file in a folder that is there and can be written, on a disk that is not full.',
    exitCode: ExitCode.cannotStart,
    cause: error,
  });
}
