import { createHash, randomBytes } from 'node:crypto';

/** How long a browser stays signed in. Milliseconds. */
export const SESSION_MS = 12 * 3600 * 1000;

/** The oldest goes when there are more. */
const MAX_SESSIONS = 1000;

interface Session {
  tokenId: string;
  /** Monotonic, in milliseconds. */
  endsAt: number;
}

/**
 * The browsers that are signed in. Kept in memory, by the hash of their ids: after a restart they sign
 * in again. A session names its token and has no rights of its own, so a revoked token ends it.
 */
export class Sessions {
  readonly #clock: () => number;
  readonly #sessions = new Map<string, Session>();

  /** @param clock monotonic, in milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** @returns the id for the cookie */
  begin(tokenId: string): string {
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(keyOf(id), { tokenId, endsAt: this.#clock() + SESSION_MS });
    for (const key of this.#sessions.keys()) {
      if (this.#sessions.size <= MAX_SESSIONS) break;
      this.#sessions.delete(key);
    }
    return id;
  }

  /** The token that a session was begun with; null when there is no such session any more. */
  tokenOf(id: string): string | null {
    const key = keyOf(id);
    const session = this.#sessions.get(key);
    if (!session) return null;
    if (this.#clock() < session.endsAt) return session.tokenId;
    this.#sessions.delete(key);
    return null;
  }

  end(id: string): void {
    this.#sessions.delete(keyOf(id));
  }
}

/** Looking up a hash tells nothing about the id through the time it takes. */
function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
