import { HttpError } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { requireRight, STRANGER, type Caller } from './caller.ts';
import { readCredentials } from './credentials.ts';
import { cookieName, readCookie } from './cookie.ts';
import type { Gate } from './gate.ts';
import { refuseForeignPages } from './refuse-foreign.ts';
import { isForJoining, requiredRight } from './required-right.ts';
import type { Sessions } from './sessions.ts';
import type { SignIn } from './sign-in.ts';
import type { TokenList } from './token-list.ts';
import { unauthorized } from './unauthorized.ts';

export interface TokenGateParts {
  tokens: TokenList;
  sessions: Sessions;
  signIn: SignIn;
  now: () => Date;
}

/** The gate of an orchestrator that asks for a token. */
export function tokenGate(parts: TokenGateParts): Gate {
  return async (request, path) => {
    const needed = requiredRight(path, request.method, request.query);
    if (needed === null) return STRANGER;
    await parts.tokens.refresh();
    const caller = await identify(request, parts);
    if (!caller) throw notSignedIn(request);
    if (caller.joins && isForJoining(request.method, path)) return caller;
    requireRight(caller, needed, `for ${request.method} ${path === '*' ? 'this path' : path}`);
    return caller;
  };
}

/** A header counts before a cookie: whoever sends one means it. */
async function identify(request: ApiRequest, parts: TokenGateParts): Promise<Caller | null> {
  const credentials = readCredentials(request.header('authorization'));
  switch (credentials.kind) {
    case 'malformed':
      throw unauthorized('The header Authorization is not understood', 'invalid_request');
    case 'none':
      return fromSession(request, parts);
    case 'token': {
      const { scheme, token } = credentials;
      if (scheme === 'basic') refuseForeignPages(request);
      const { tokenId, tokenName, rights, joins } = await parts.signIn.check(request, token);
      return { by: scheme, tokenId, tokenName, rights, joins };
    }
    default:
      return credentials satisfies never;
  }
}

function fromSession(request: ApiRequest, { tokens, sessions, now }: TokenGateParts): Caller | null {
  const id = readCookie(request.header('cookie'), cookieName(request.port));
  const tokenId = id === null ? null : sessions.tokenOf(id);
  const grant = tokenId === null ? null : tokens.byId(tokenId, now());
  if (!grant) return null;
  refuseForeignPages(request, { proof: true });
  const { tokenName, rights } = grant;
  return { by: 'session', tokenId: grant.tokenId, tokenName, rights, joins: false };
}

/** A person at a browser gets the form; everybody else is told what is missing. */
function notSignedIn(request: ApiRequest): HttpError {
  const wantsPage = /\btext\/html\b/i.test(request.header('accept') ?? '');
  if (!wantsPage || (request.method !== 'GET' && request.method !== 'HEAD')) {
    return unauthorized('A token is needed here', null);
  }
  return new HttpError(303, 'Sign in first', {
    code: 'TOKEN_MISSING',
    headers: { Location: `/signin?next=${encodeURIComponent(request.target)}` },
  });
}
