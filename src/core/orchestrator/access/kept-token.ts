import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode } from '../../domain/exit-codes.ts';
import { UserError } from '../../domain/user-error.ts';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { unusable } from '../../files/unusable.ts';
import { makeToken, tokenProblem } from './token.ts';

/** Where `serve` keeps the token that it made itself. */
export function keptTokenFile(dataDir: string): string {
  return join(dataDir, 'token');
}

/** The token that was made at an earlier start; null when none was. */
export async function readKeptToken(dataDir: string): Promise<string | null> {
  const path = keptTokenFile(dataDir);
  try {
    const token = (await readFile(path, 'utf8')).trim();
    const problem = tokenProblem(token);
    if (problem !== null) throw damaged(path, problem);
    // It may have been copied here by somebody with another umask.
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600);
    return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error instanceof UserError ? error : unusable(dataDir, error);
  }
}

/** Makes a token and keeps it, readable for the owner only. */
export async function makeKeptToken(dataDir: string): Promise<string> {
  const token = makeToken();
  try {
    await writeFileAtomically(keptTokenFile(dataDir), `${token}\n`, { mode: 0o600 });
  } catch (error) {
    throw unusable(dataDir, error);
  }
  return token;
}

function damaged(path: string, problem: string): UserError {
  return new UserError({
    code: 'TOKEN_UNUSABLE',
    message: `The token in ${path} cannot be used: ${problem}.`,
    hint: 'Delete the file: the next start makes a new one, which the hosts then need.',
    exitCode: ExitCode.cannotStart,
  });
}
