import { Flags } from '@oclif/core';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { parseDuration } from '../../core/domain/parse-duration.ts';
import { contradiction, isTyped, type RawInput } from './token.ts';

/** What ends a host by itself, and how it gets a token of its own. */
export const lifeFlags = {
  'join-token-file': Flags.string({
    description:
      'file with a join token, which is exchanged for a token of this host and then removed; the token is kept in the data directory',
    env: 'REPLAY_JOIN_TOKEN_FILE',
    helpValue: 'FILE',
  }),
  'idle-timeout': Flags.string({
    description: 'end after this time without a job, whatever the reason: 90s, 45m, 12h',
    env: 'REPLAY_IDLE_TIMEOUT',
    helpValue: 'DURATION',
  }),
  'max-lifetime': Flags.string({
    description: 'end after this time, and give the job back: 12h, 3d',
    env: 'REPLAY_MAX_LIFETIME',
    helpValue: 'DURATION',
  }),
};

interface LifeFlags {
  'join-token-file'?: string | undefined;
  'idle-timeout'?: string | undefined;
  'max-lifetime'?: string | undefined;
}

/** @throws UserError for a duration that is none */
export function lifeTimes(flags: LifeFlags): { idleTimeoutMs: number | null; maxLifetimeMs: number | null } {
  return {
    idleTimeoutMs: duration('--idle-timeout', flags['idle-timeout']),
    maxLifetimeMs: duration('--max-lifetime', flags['max-lifetime']),
  };
}

/**
 * What is typed counts before the environment.
 * @throws UserError when both kinds of token are given
 */
export function joinFileOf(flags: LifeFlags, raw: RawInput): string | null {
  const token = isTyped(raw, 'token') || isTyped(raw, 'token-file');
  const joins = isTyped(raw, 'join-token-file');
  if (token && joins) throw contradiction('A token and --join-token-file cannot be given together.');
  return token ? null : (flags['join-token-file'] ?? null);
}

function duration(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw new UserError({
    code: 'USAGE',
    message: `${flag} ${JSON.stringify(text)} is not a duration.`,
    hint: 'Expected a number with s, m, h or d: 45m, 12h, 3d; ten years at most.',
    exitCode: ExitCode.usage,
  });
}
