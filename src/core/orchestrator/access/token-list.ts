import { timingSafeEqual } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Logger } from '../../log/logger.ts';
import { RIGHTS, type Right } from './rights.ts';
import { hashToken } from './token.ts';
import { readTokens, type StoredToken } from './token-file.ts';

/** What a token gives its bearer. */
export interface Grant {
  tokenId: string;
  /** null: nobody gave it one. */
  tokenName: string | null;
  rights: readonly Right[];
  /** Milliseconds since 1970; null: never. */
  expiresAt: number | null;
  /** A join token. */
  joins: boolean;
}

export type Found = { kind: 'valid'; grant: Grant } | { kind: 'expired' } | { kind: 'unknown' };

/** The id of the token that `serve` itself was started with, or made. */
export const SERVE_TOKEN_ID = 'serve';

/** Stands for the state of a file that is not there. */
const NO_FILE = 'none';

/** How long a change of the file may go unnoticed. Milliseconds. */
export const REFRESH_MS = 1000;

interface Entry {
  hash: Buffer;
  grant: Grant;
}

export interface TokenListOptions {
  path: string;
  /** The token that `serve` was given or made: it has all rights. */
  serveToken: string;
  logger: Logger;
  /** Monotonic, in milliseconds. */
  clock: () => number;
}

/**
 * The tokens that are valid now: the one of `serve` and those in the file, which `replay tokens` may
 * change at any time. The file is looked at again once a second at most, but for whoever reloads, and read
 * only when it is another one: a watcher would miss changes on network file systems.
 */
export class TokenList {
  readonly #options: TokenListOptions;
  readonly #own: Entry;
  #entries: readonly Entry[] = [];
  #seen = NO_FILE;
  #nextLook = Number.NEGATIVE_INFINITY;
  /** One look after the other: an older one must not end after a newer. */
  #look: Promise<void> = Promise.resolve();

  constructor(options: TokenListOptions) {
    this.#options = options;
    const grant = { tokenId: SERVE_TOKEN_ID, tokenName: null, rights: RIGHTS, expiresAt: null, joins: false };
    this.#own = { hash: hashToken(options.serveToken), grant };
  }

  /**
   * Takes over changes of the file. A file that cannot be read leaves the tokens as they were: to drop
   * a hundred working hosts for a slip in an editor would do more harm. The log says so.
   */
  async refresh(): Promise<void> {
    if (this.#options.clock() >= this.#nextLook) await this.reload();
  }

  /** Looks at once: for a change of our own, or for a token that is not known. */
  async reload(): Promise<void> {
    this.#nextLook = this.#options.clock() + REFRESH_MS;
    this.#look = this.#look.then(() => this.#read());
    await this.#look;
  }

  async #read(): Promise<void> {
    const { path, logger } = this.#options;
    try {
      const mark = await markOf(path);
      if (mark === this.#seen) return;
      this.#seen = mark;
      const tokens = await readTokens(path);
      this.#entries = tokens.map(toEntry);
      logger.info({ count: tokens.length }, 'read the list of tokens');
    } catch (error) {
      logger.error(
        { path, reason: (error as Error).message },
        'the list of tokens cannot be read: the last one stays in force',
      );
    }
  }

  /** Compares with every token, in a time that does not depend on where or whether it is found. */
  find(hash: Buffer, now: Date): Found {
    let grant: Grant | null = null;
    for (const entry of [this.#own, ...this.#entries]) {
      if (timingSafeEqual(entry.hash, hash)) grant = entry.grant;
    }
    if (!grant) return { kind: 'unknown' };
    return isOver(grant, now) ? { kind: 'expired' } : { kind: 'valid', grant };
  }

  /** What the token with this id gives now; null when it was revoked or has expired. */
  byId(tokenId: string, now: Date): Grant | null {
    const entry = [this.#own, ...this.#entries].find(({ grant }) => grant.tokenId === tokenId);
    return entry && !isOver(entry.grant, now) ? entry.grant : null;
  }
}

function toEntry({ id, name, rights, sha256, expiresAt, join }: StoredToken): Entry {
  const over = expiresAt === null ? null : Date.parse(expiresAt);
  const grant = { tokenId: id, tokenName: name, rights, expiresAt: over, joins: join !== undefined };
  return { hash: Buffer.from(sha256, 'hex'), grant };
}

function isOver({ expiresAt }: Grant, now: Date): boolean {
  return expiresAt !== null && now.getTime() >= expiresAt;
}

/** Changes with every replacement of the file, also within one tick of its clock. */
async function markOf(path: string): Promise<string> {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NO_FILE;
    throw error;
  }
}
