import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../log/logger.ts';
import type { Route } from '../http/app.ts';
import { isLoopback } from './addresses.ts';
import type { Gate } from './gate.ts';
import { keptTokenFile, makeKeptToken, readKeptToken } from './kept-token.ts';
import { openGate } from './open-gate.ts';
import { joinRoutes } from './join-routes.ts';
import { Sessions } from './sessions.ts';
import { SignIn } from './sign-in.ts';
import { SignInGuard, type GuardClock } from './sign-in-guard.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { readTokens, tokenFileOf } from './token-file.ts';
import { tokenGate } from './token-gate.ts';
import { TokenList } from './token-list.ts';
import { badTokenFile } from './bad-token-file.ts';

export interface AccessOptions {
  /** The token that `serve` was given; null: none. */
  token: string | null;
  /** Ask nobody for a token, on whatever address. */
  noAuth: boolean;
  /** Names under which an open orchestrator may be asked, besides its addresses. */
  allowedHosts: readonly string[];
}

const DEFAULT_ACCESS: AccessOptions = { token: null, noAuth: false, allowedHosts: [] };

/** How callers get in, for the person who starts the orchestrator. */
export type AccessMode =
  | { kind: 'open' }
  | { kind: 'token'; source: 'given' }
  /** The orchestrator made the token itself and keeps it in this file. */
  | { kind: 'token'; source: 'kept'; file: string };

export interface Access {
  mode: AccessMode;
  gate: Gate;
  routes: Route[];
}

const SYSTEM_CLOCK: GuardClock = {
  now: () => performance.now(),
  sleep: async (ms) => {
    // Nothing waits for these answers: they must not keep the process from ending.
    await sleep(ms, undefined, { ref: false });
  },
};

export interface AccessSetting {
  /** Default: a token is needed unless the address is a loopback one. */
  access?: AccessOptions;
  /** The address to listen on. */
  host: string;
  dataDir: string;
  logger: Logger;
  /** Wall clock. */
  now: () => Date;
  /** For the slowing down of failed sign-ins and the end of sessions. */
  signInClock?: GuardClock;
}

/**
 * Decides who gets in. It is open only with `noAuth`, or on a loopback address as long as nobody has
 * ever asked for tokens there: none given, none kept, none created. Everywhere else a token is needed,
 * and is made when there is none.
 */
export async function setUpAccess(setting: AccessSetting): Promise<Access> {
  const { host, dataDir, logger, access: options = DEFAULT_ACCESS } = setting;
  const path = tokenFileOf(dataDir);
  if (options.noAuth) {
    if (!isLoopback(host)) {
      logger.warn(
        { host },
        'there is no access control (--no-auth): whoever reaches the port can change results',
      );
    }
    return open(options, host);
  }
  const created = await readTokens(path).catch((error: unknown) => {
    throw badTokenFile(path, error);
  });
  const kept = options.token === null ? await readKeptToken(dataDir) : null;
  if (isLoopback(host) && options.token === null && kept === null && created.length === 0) {
    return open(options, host);
  }
  const serveToken = options.token ?? kept ?? (await makeKeptToken(dataDir));
  const mode: AccessMode =
    options.token === null
      ? { kind: 'token', source: 'kept', file: keptTokenFile(dataDir) }
      : { kind: 'token', source: 'given' };
  return guarded(serveToken, mode, path, setting);
}

function open({ allowedHosts }: AccessOptions, host: string): Access {
  const names = allowedHosts.map((name) => name.toLowerCase());
  return {
    mode: { kind: 'open' },
    gate: openGate({ loopback: isLoopback(host), names }),
    routes: joinRoutes(null),
  };
}

async function guarded(
  serveToken: string,
  mode: AccessMode,
  path: string,
  setting: AccessSetting,
): Promise<Access> {
  const { dataDir, logger, now, signInClock: clock = SYSTEM_CLOCK } = setting;
  const tokens = new TokenList({ path, serveToken, logger, clock: () => clock.now() });
  await tokens.refresh();
  const sessions = new Sessions(() => clock.now());
  const signIn = new SignIn(tokens, new SignInGuard(clock), logger, now);
  const parts = { tokens, sessions, signIn, now };
  const routes = [...signInRoutes(parts), ...joinRoutes({ tokens, dataDir, now, logger })];
  return { mode, gate: tokenGate(parts), routes };
}
