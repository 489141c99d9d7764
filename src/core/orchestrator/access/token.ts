import { createHash, randomBytes } from 'node:crypto';

/** Makes a token known as one of ours wherever it turns up: in a log, a commit, a message. */
export const TOKEN_PREFIX = 'rpl_';

/** Characters of a token that somebody chose. */
const MIN_LENGTH = 16;
const MAX_LENGTH = 512;

/** A new token: 32 random bytes. */
export function makeToken(random: (size: number) => Buffer = randomBytes): string {
  return TOKEN_PREFIX + random(32).toString('base64url');
}

/**
 * SHA-256 of a token. A slow hash protects passwords, which can be guessed from a list; a token is
 * 256 random bits, which no list contains, and it is hashed anew with every request.
 */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** What is wrong with a token that somebody chose; null when nothing is. Never repeats the token. */
export function tokenProblem(token: string): string | null {
  if (token.length < MIN_LENGTH) return `it is shorter than ${MIN_LENGTH} characters`;
  if (token.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  // It has to fit into a header.
  if (!/^[\x21-\x7e]+$/.test(token)) return 'it contains a space or a character that is not ASCII';
  if (new Set(token).size < 6) return 'it has fewer than six different characters';
  return null;
}
