import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';

/** The error for a data directory that cannot be created, read or written. */
export function unusable(dataDir: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UserError({
    code: 'DATA_DIR_UNUSABLE',
    message: `The data directory ${dataDir} cannot be used: ${reason}`,
    hint: 'Check that it can be written and that its disk is not full, or choose another with --data-dir.',
    exitCode: ExitCode.cannotStart,
    cause: error,
  });
}
