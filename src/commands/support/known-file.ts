import { readFile } from 'node:fs/promises';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { type KnownException, parseKnown } from '../../core/report/known.ts';

/** @throws UserError when the file cannot be read, or is not a list of known exceptions */
export async function readKnown(file: string): Promise<KnownException[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError({
      code: 'KNOWN_UNREADABLE',
      message: `The file of --known cannot be read: ${(error as Error).message}`,
      hint: 'Give it the path of a JSON file that this user may read.',
      exitCode: ExitCode.invalidInput,
      cause: error,
    });
  }
  return parseKnown(text, file);
}
