import { UserError } from '../../domain/user-error.ts';
import type { Logger } from '../../log/logger.ts';

/** Until a look is too old to be shown without another one being begun. */
const FRESH_MS = 15_000;

/** The first who asks waits so long for the first look. */
const FIRST_MS = 5_000;

export interface Look<Seen> {
  /** null: nothing was yet. */
  readonly seen: Seen | null;
  /** Milliseconds since 1970, of the last look that was answered; null: none was yet. */
  readonly at: number | null;
  /** Why the look after that one failed; null: it did not. */
  readonly error: string | null;
}

export interface LookParts<Seen> {
  readonly ask: () => Promise<Seen>;
  readonly logger: Logger;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/**
 * The last look at the fleet. Its place is asked in the background, one look at a time, and only while
 * somebody wants to know: whoever asks gets what was seen last.
 */
export class KeptLook<Seen> {
  readonly #parts: LookParts<Seen>;
  #look: Look<Seen> = { seen: null, at: null, error: null };
  #begun = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | null = null;

  constructor(parts: LookParts<Seen>) {
    this.#parts = parts;
  }

  async current(): Promise<Look<Seen>> {
    const { now, sleep } = this.#parts;
    if (now() - this.#begun >= FRESH_MS) this.#refresh();
    const { at, error } = this.#look;
    if (at === null && error === null) await Promise.race([this.#underWay, sleep(FIRST_MS)]);
    return this.#look;
  }

  /** The fleet has changed: what was seen is not worth keeping. */
  stale(): void {
    this.#begun = Number.NEGATIVE_INFINITY;
  }

  #refresh(): void {
    if (this.#underWay !== null) return;
    this.#begun = this.#parts.now();
    this.#underWay = this.#ask().finally(() => (this.#underWay = null));
  }

  async #ask(): Promise<void> {
    const { ask, now, logger } = this.#parts;
    try {
      const seen = await ask();
      this.#look = { seen, at: now(), error: null };
    } catch (error) {
      const isKnown = error instanceof UserError;
      if (!isKnown) logger.error({ event: 'fleet', err: error }, 'the fleet cannot be looked at');
      const text = isKnown ? error.message : 'The fleet cannot be looked at; the log has more.';
      this.#look = { ...this.#look, error: text };
    }
  }
}
