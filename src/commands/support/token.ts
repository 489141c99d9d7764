import { readFile } from 'node:fs/promises';
import { Flags } from '@oclif/core';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';

/** How a command is given a token. */
export const tokenFlags = {
  token: Flags.string({
    description:
      'access token; the process list of this machine shows it, so rather use the environment or --token-file',
    env: 'REPLAY_TOKEN',
    helpValue: 'TOKEN',
  }),
  'token-file': Flags.string({
    description: 'file that contains the access token',
    env: 'REPLAY_TOKEN_FILE',
    helpValue: 'FILE',
  }),
};

export interface TokenFlags {
  token?: string | undefined;
  'token-file'?: string | undefined;
}

/** What oclif read from the command line, without what came from the environment. */
export type RawInput = readonly { type: string; flag?: string }[];

/**
 * The token that was given; null when none was. The command line counts before the environment. It is
 * removed from our environment, so that no program started from here has it.
 * @throws UserError for contradictory flags, or a file that cannot be read
 */
export async function readToken(flags: TokenFlags, raw: RawInput): Promise<string | null> {
  delete process.env['REPLAY_TOKEN'];
  const typed = { token: isTyped(raw, 'token'), file: isTyped(raw, 'token-file') };
  // oclif would say so with the token in its message.
  if (typed.token && typed.file) throw contradiction('--token and --token-file cannot be given together.');
  const file = flags['token-file'];
  if (flags.token !== undefined && !typed.file) return checked(flags.token, '--token');
  return file === undefined ? null : checked(await readTokenFile(file), file);
}

export function isTyped(raw: RawInput, flag: string): boolean {
  return raw.some((token) => token.type === 'flag' && token.flag === flag);
}

export function contradiction(message: string): UserError {
  return new UserError({ code: 'USAGE', message, exitCode: ExitCode.usage });
}

async function readTokenFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError({
      code: 'TOKEN_FILE_UNREADABLE',
      message: `The file of --token-file cannot be read: ${(error as Error).message}`,
      hint: 'It contains the token and nothing else.',
      exitCode: ExitCode.invalidInput,
      cause: error,
    });
  }
}

/** Anything else cannot stand in a header. */
function checked(text: string, where: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UserError({
    code: 'TOKEN_MALFORMED',
    message: `What ${where} gives is no token: ${token === '' ? 'it is empty' : 'it contains spaces or characters that are not ASCII'}.`,
    hint: 'On the orchestrator: replay tokens create.',
    exitCode: ExitCode.usage,
  });
}
