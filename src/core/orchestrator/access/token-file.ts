import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { isRight, type Right } from './rights.ts';

/** A token as it is kept: its hash, never itself. */
export interface StoredToken {
  /** For people and for `tokens revoke`; says nothing about the token. */
  id: string;
  name: string | null;
  rights: Right[];
  /** SHA-256, 64 hex digits. */
  sha256: string;
  /** UTC, ISO 8601. */
  createdAt: string;
  /** UTC, ISO 8601; null: never. */
  expiresAt: string | null;
  /** A join token: it has no rights, and hosts exchange it for a token of their own. */
  join?: JoinTerms;
  /** The id of the join token that this one was given for. */
  joinedWith?: string;
}

export interface JoinTerms {
  /** For how many hosts it is good. */
  uses: number;
  /** How many have used it. */
  used: number;
  /** How long the token of a host is valid. Milliseconds. */
  workerValidForMs: number;
}

/**
 * More are refused: every request is compared with each of them, which takes 0.3 ms for so many. Each host of a
 * fleet has one until its lifetime is over, also those that were taken back long before.
 */
export const MAX_TOKENS = 10_000;

const FORMAT = 1;

export function tokenFileOf(dataDir: string): string {
  return join(dataDir, 'tokens.json');
}

/**
 * The tokens in the file; none when there is no file.
 * @throws Error when it cannot be read or is not a token file
 */
export async function readTokens(path: string): Promise<StoredToken[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return parseTokens(text);
}

/** Replaces the file, readable for its owner only: the owner of the directory, whoever writes it. */
export async function writeTokens(path: string, tokens: readonly StoredToken[]): Promise<void> {
  const { uid, gid } = await stat(dirname(path));
  const content = `${JSON.stringify({ format: FORMAT, tokens }, null, 2)}\n`;
  await writeFileAtomically(path, content, { mode: 0o600, owner: { uid, gid } });
}

function parseTokens(text: string): StoredToken[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
  const { format, tokens } = (value ?? {}) as { format?: unknown; tokens?: unknown };
  if (format !== FORMAT) throw new Error(`its format is ${JSON.stringify(format)}, known is ${FORMAT}`);
  if (!Array.isArray(tokens)) throw new Error('it has no list of tokens');
  const wrong = tokens.findIndex((token) => !isStoredToken(token));
  if (wrong !== -1) throw new Error(`its token number ${wrong + 1} is malformed`);
  return tokens as StoredToken[];
}

function isStoredToken(value: unknown): value is StoredToken {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, rights, sha256, createdAt, expiresAt, join, joinedWith } = value as Record<
    keyof StoredToken,
    unknown
  >;
  return (
    typeof id === 'string' &&
    (name === null || typeof name === 'string') &&
    Array.isArray(rights) &&
    rights.every(isRight) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    isTime(createdAt) &&
    (expiresAt === null || isTime(expiresAt)) &&
    (join === undefined || isJoinTerms(join)) &&
    (joinedWith === undefined || typeof joinedWith === 'string')
  );
}

function isJoinTerms(value: unknown): boolean {
  const { uses, used, workerValidForMs } = (value ?? {}) as Record<string, unknown>;
  return [uses, used, workerValidForMs].every((number) => Number.isSafeInteger(number));
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
