import { ExitCode } from '../../domain/exit-codes.ts';
import { UserError } from '../../domain/user-error.ts';

/** The error for a list of tokens that cannot be read. */
export function badTokenFile(path: string, error: unknown): UserError {
  return new UserError({
    code: 'TOKENS_UNREADABLE',
    message: `The list of tokens in ${path} cannot be used: ${(error as Error).message}.`,
    hint: 'Restore the file from a copy, or delete it and create the tokens anew.',
    exitCode: ExitCode.cannotStart,
    cause: error,
  });
}
