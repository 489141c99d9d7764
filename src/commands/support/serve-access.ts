import { isIP } from 'node:net';
import { Flags } from '@oclif/core';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import type { AccessMode, AccessOptions } from '../../core/orchestrator/access/access.ts';
import { plainAddress } from '../../core/orchestrator/access/addresses.ts';
import { tokenProblem } from '../../core/orchestrator/access/token.ts';
import { DEFAULT_LIMITS } from '../../core/orchestrator/http/limits.ts';
import { listOf } from './list-flag.ts';
import { contradiction, isTyped, readToken, tokenFlags, type RawInput, type TokenFlags } from './token.ts';

/** Who gets in, and how much of the server one caller may take. */
export const serveAccessFlags = {
  ...tokenFlags,
  'no-auth': Flags.boolean({ description: 'ask nobody for a token, on whatever address' }),
  'allowed-host': Flags.string({
    description:
      'name under which an orchestrator without tokens may be asked, besides its address (repeatable)',
    env: 'REPLAY_ALLOWED_HOST',
    helpValue: 'NAME',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'trusted-proxy': Flags.string({
    description: 'address of a proxy whose X-Forwarded-For and X-Forwarded-Proto are believed (repeatable)',
    env: 'REPLAY_TRUSTED_PROXY',
    helpValue: 'IP',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'max-connections': Flags.integer({
    description: 'connections in all',
    env: 'REPLAY_MAX_CONNECTIONS',
    default: DEFAULT_LIMITS.connections,
    min: 1,
  }),
  'max-connections-per-address': Flags.integer({
    description: 'connections from one address; hosts behind one router share it',
    env: 'REPLAY_MAX_CONNECTIONS_PER_ADDRESS',
    default: DEFAULT_LIMITS.connectionsPerAddress,
    min: 1,
  }),
};

interface ServeAccessFlags extends TokenFlags {
  'no-auth': boolean;
  'allowed-host'?: string[] | undefined;
  'trusted-proxy'?: string[] | undefined;
  'max-connections': number;
  'max-connections-per-address': number;
}

export interface ServeAccess {
  access: AccessOptions;
  trustedProxies: string[];
  limits: { connections: number; connectionsPerAddress: number };
}

/** @throws UserError for contradictory flags, a token that is too weak, or an address that is none */
export async function serveAccess(flags: ServeAccessFlags, raw: RawInput): Promise<ServeAccess> {
  const noAuth = flags['no-auth'];
  if (noAuth && (isTyped(raw, 'token') || isTyped(raw, 'token-file'))) {
    throw contradiction('--no-auth and a token cannot be given together.');
  }
  // Always read, so that it leaves the environment.
  const given = await readToken(flags, raw);
  const token = noAuth ? null : given;
  if (token !== null) refuseWeak(token);
  return {
    access: { token, noAuth, allowedHosts: listOf(flags['allowed-host']) },
    trustedProxies: listOf(flags['trusted-proxy']).map(checkAddress),
    limits: {
      connections: flags['max-connections'],
      connectionsPerAddress: flags['max-connections-per-address'],
    },
  };
}

/**
 * What a person has to know to start workers. The token itself is not in it: what `serve` prints may
 * end up in the log of a service manager.
 * @param command `replay work --orchestrator …`
 */
export function startLines(mode: AccessMode, command: string): string {
  if (mode.kind === 'open') return `On each replay host run: ${command}\n`;
  const about =
    mode.source === 'kept'
      ? `Access token: ${mode.file} (all rights). Copy it to each replay host as replay.token.\n`
      : 'Access token: as given. Put it, or one of "replay tokens create --rights work", into a file replay.token on each replay host.\n';
  return `${about}On each replay host run: ${command} --token-file replay.token\n`;
}

function refuseWeak(token: string): void {
  const problem = tokenProblem(token);
  if (problem === null) return;
  throw new UserError({
    code: 'TOKEN_UNUSABLE',
    message: `The token cannot be used: ${problem}.`,
    hint: 'Leave it out, and one is made; or take one of: openssl rand -hex 32.',
    exitCode: ExitCode.usage,
  });
}

function checkAddress(text: string): string {
  if (isIP(text) !== 0) return plainAddress(text);
  throw new UserError({
    code: 'PROXY_ADDRESS',
    message: `--trusted-proxy ${JSON.stringify(text)} is not an IP address.`,
    hint: 'Give the address from which the proxy connects, such as 127.0.0.1.',
    exitCode: ExitCode.usage,
  });
}
