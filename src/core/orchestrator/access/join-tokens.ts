import { createHmac, randomBytes } from 'node:crypto';
import { changeTokens, isOver, withToken } from './manage-tokens.ts';
import { hashToken, makeToken, TOKEN_PREFIX } from './token.ts';
import type { StoredToken } from './token-file.ts';

export interface NewJoinToken {
  name: string | null;
  /** For how many hosts. */
  uses: number;
  /** Milliseconds from now. */
  validForMs: number;
  /** How long the token of each host is valid, from when it joins. Milliseconds. */
  workerValidForMs: number;
}

/** Makes a token that hosts exchange for tokens of their own. It gives no right besides. */
export async function createJoinToken(
  dataDir: string,
  { name, uses, validForMs, workerValidForMs }: NewJoinToken,
  now: Date,
): Promise<{ token: string; stored: StoredToken }> {
  const token = makeToken();
  const stored: StoredToken = {
    ...tokenFor(token, name, now, validForMs),
    rights: [],
    join: { uses, used: 0, workerValidForMs },
  };
  await changeTokens(dataDir, (tokens) => withToken(withoutOver(tokens, now), stored));
  return { token, stored };
}

export interface Joining {
  /** The join token itself. */
  joinToken: string;
  /** Of the join token. */
  joinTokenId: string;
  /** Made by the host, and known to nobody else. */
  nonce: string;
  /** How the host calls itself. */
  name: string;
}

export type Joined =
  | { kind: 'joined'; token: string; stored: StoredToken; again: boolean }
  /** As many hosts as it is for have used it. */
  | { kind: 'used-up'; uses: number }
  /** Revoked in this moment. */
  | { kind: 'gone' };

/**
 * Gives a host a token of its own. It follows from the join token and the host's nonce, so that a host which
 * asks again, because the answer was lost, gets the same one and uses the join token once. Of neither more
 * than a hash is kept.
 */
export async function joinWith(dataDir: string, joining: Joining, now: Date): Promise<Joined> {
  const { joinToken, joinTokenId, nonce, name } = joining;
  const mac = createHmac('sha256', joinToken).update(`replay worker token\n${nonce}`).digest('base64url');
  const token = TOKEN_PREFIX + mac;
  let joined: Joined = { kind: 'gone' };
  await changeTokens(dataDir, (tokens) => {
    const current = withoutOver(tokens, now);
    const by = current.find(({ id, join }) => id === joinTokenId && join !== undefined);
    if (by?.join === undefined) return current;
    const { uses, used, workerValidForMs } = by.join;
    const stored: StoredToken = {
      ...tokenFor(token, name, now, workerValidForMs),
      rights: ['work'],
      joinedWith: by.id,
    };
    const before = current.find(({ sha256 }) => sha256 === stored.sha256);
    if (before) {
      joined = { kind: 'joined', token, stored: before, again: true };
      return current;
    }
    if (used >= uses) {
      joined = { kind: 'used-up', uses };
      return current;
    }
    joined = { kind: 'joined', token, stored, again: false };
    const counted: StoredToken = { ...by, join: { ...by.join, used: used + 1 } };
    return withToken(
      current.map((other) => (other === by ? counted : other)),
      stored,
    );
  });
  return joined;
}

function tokenFor(token: string, name: string | null, now: Date, validForMs: number) {
  return {
    id: randomBytes(4).toString('hex'),
    name,
    sha256: hashToken(token).toString('hex'),
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + validForMs).toISOString(),
  };
}

/** Nobody made these by hand: when they are over, nobody misses them, and each host would leave one. */
function withoutOver(tokens: readonly StoredToken[], now: Date): StoredToken[] {
  return tokens.filter(
    (token) => (token.join === undefined && token.joinedWith === undefined) || !isOver(token, now),
  );
}
