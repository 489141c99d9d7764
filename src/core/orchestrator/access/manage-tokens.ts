import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../domain/user-error.ts';
import { acquireLock, type Lock } from '../../files/lock.ts';
import { unusable } from '../../files/unusable.ts';
import { badTokenFile } from './bad-token-file.ts';
import type { Right } from './rights.ts';
import { hashToken, makeToken } from './token.ts';
import { MAX_TOKENS, readTokens, tokenFileOf, writeTokens, type StoredToken } from './token-file.ts';

export interface NewToken {
  name: string | null;
  rights: Right[];
  /** Milliseconds from now; null: it never expires. */
  validForMs: number | null;
}

/** The tokens in a data directory, whether an orchestrator runs on it or not. */
export async function listTokens(dataDir: string): Promise<StoredToken[]> {
  const path = tokenFileOf(dataDir);
  try {
    return await readTokens(path);
  } catch (error) {
    throw badTokenFile(path, error);
  }
}

/** Makes a token and keeps its hash. The token itself is nowhere but in the result. */
export async function createToken(
  dataDir: string,
  { name, rights, validForMs }: NewToken,
  now: Date,
): Promise<{ token: string; stored: StoredToken }> {
  const token = makeToken();
  const stored: StoredToken = {
    id: randomBytes(4).toString('hex'),
    name,
    rights,
    sha256: hashToken(token).toString('hex'),
    createdAt: now.toISOString(),
    expiresAt: validForMs === null ? null : new Date(now.getTime() + validForMs).toISOString(),
  };
  await changeTokens(dataDir, (tokens) => withToken(tokens, stored));
  return { token, stored };
}

/** @throws UserError when there are too many */
export function withToken(tokens: readonly StoredToken[], token: StoredToken): StoredToken[] {
  if (tokens.length >= MAX_TOKENS) throw tooMany();
  return [...tokens, token];
}

export interface Revoked {
  /** null: the join token itself was gone already. */
  token: StoredToken | null;
  /** Tokens that hosts had been given for it, and that were revoked with it. */
  hosts: StoredToken[];
  /** Those that stay in force. */
  left: StoredToken[];
}

/**
 * Takes a token out of force. The hosts that have joined with it keep theirs unless it is said: most of them are
 * at work, and who joined by mistake or by theft is for a person to tell.
 * @param withHosts also the tokens that were given for it, whether it is still there or not
 * @throws UserError when there is nothing to revoke
 */
export async function revokeToken(
  dataDir: string,
  id: string,
  { withHosts = false, now = new Date() }: { withHosts?: boolean; now?: Date } = {},
): Promise<Revoked> {
  let revoked: Revoked = { token: null, hosts: [], left: [] };
  await changeTokens(dataDir, (tokens) => {
    const hosts = tokens.filter((token) => token.joinedWith === id && !isOver(token, now));
    const token = tokens.find((one) => one.id === id) ?? null;
    if (token === null && hosts.length === 0) throw notFound(id, dataDir);
    if (token === null && !withHosts) throw onlyHosts(id, hosts.length);
    revoked = { token, ...(withHosts ? { hosts, left: [] } : { hosts: [], left: hosts }) };
    const gone = new Set([token, ...revoked.hosts]);
    return tokens.filter((one) => !gone.has(one));
  });
  return revoked;
}

/** It has expired. */
export function isOver({ expiresAt }: StoredToken, now: Date): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= now.getTime();
}

/** Changes the list of tokens; two changes at the same moment come one after the other. */
export async function changeTokens(
  dataDir: string,
  decide: (tokens: StoredToken[]) => readonly StoredToken[],
): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    await locked(dataDir, async () => {
      await writeTokens(tokenFileOf(dataDir), decide(await listTokens(dataDir)));
    });
  } catch (error) {
    throw error instanceof UserError ? error : unusable(dataDir, error);
  }
}

/** Two changes at the same moment must not lose one of them; the lock of the orchestrator is another one. */
async function locked(dataDir: string, work: () => Promise<void>): Promise<void> {
  const folder = join(dataDir, 'tokens.lock');
  const lock = await patiently(folder);
  try {
    await work();
  } finally {
    await lock.release();
  }
}

const TRIES = 50;

async function patiently(folder: string): Promise<Lock> {
  for (let round = 1; ; round += 1) {
    try {
      return await acquireLock(folder);
    } catch (error) {
      if (round === TRIES) throw error;
      await sleep(100);
    }
  }
}

function tooMany(): UserError {
  return new UserError({
    code: 'TOO_MANY_TOKENS',
    message: `There are ${MAX_TOKENS} tokens already, and no more can be kept.`,
    hint: 'Revoke those that are no longer needed; several hosts may share one.',
  });
}

function notFound(id: string, dataDir: string): UserError {
  return new UserError({
    code: 'TOKEN_NOT_FOUND',
    message: `No token in ${dataDir} has the id ${JSON.stringify(id)}.`,
    hint: 'See: replay tokens list. The token that serve made itself is the file "token" there: delete it and start serve again.',
  });
}

function onlyHosts(id: string, count: number): UserError {
  return new UserError({
    code: 'TOKEN_NOT_FOUND',
    message: `The join token ${JSON.stringify(id)} is gone, and ${count} ${count === 1 ? 'host that has joined with it holds a token' : 'hosts that have joined with it hold tokens'} of ${count === 1 ? 'its' : 'their'} own.`,
    hint: '--with-hosts revokes these; `replay tokens list` shows them.',
  });
}
