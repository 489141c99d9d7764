import { HttpError } from '../http/reply.ts';
import { includes, RIGHTS, type Right } from './rights.ts';

/** Who sent a request, as far as it has been proven, and what it may do. */
export interface Caller {
  /**
   * - open: nobody has to prove anything here, or not on this path.
   * - bearer, basic: a token in the header Authorization.
   * - session: a browser that has signed in.
   */
  by: 'open' | 'bearer' | 'basic' | 'session';
  /** Of the token; null when none was needed. */
  tokenId: string | null;
  /** Of the token, as a person gave it; null when it has none. */
  tokenName?: string | null;
  rights: readonly Right[];
  /** It came with a join token, which is good for joining alone. */
  joins: boolean;
}

/** A caller of an orchestrator that asks for no token. */
export const OPEN_CALLER: Caller = { by: 'open', tokenId: null, rights: RIGHTS, joins: false };

/** A caller that nothing is known of. */
export const STRANGER: Caller = { by: 'open', tokenId: null, rights: [], joins: false };

/** Who it was, for people: the name of the token, else its id; null where nobody is asked for one. */
export function callerName({ tokenName, tokenId }: Caller): string | null {
  return tokenName ?? tokenId;
}

/**
 * @param purpose what the right is needed for: `to ask for another run of a job`
 * @throws HttpError 403 when the caller does not have the right
 */
export function requireRight(caller: Caller, needed: Right, purpose: string): void {
  if (includes(caller.rights, needed)) return;
  const held = caller.rights.length === 0 ? 'none' : caller.rights.join(', ');
  throw new HttpError(403, `The right "${needed}" is needed ${purpose}; this token has: ${held}`, {
    code: 'RIGHT_MISSING',
    hint: `On the orchestrator's host: replay tokens create --rights ${needed}`,
  });
}
