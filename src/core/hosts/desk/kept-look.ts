import { UserError } from '../../domain/user-error.ts';
import type { Logger } from '../../log/logger.ts';
import type { FleetHostView } from '../fleet-view.ts';

/** Until a look is too old to be shown without another one being begun. */
const FRESH_MS = 15_000;

/** The first who asks waits so long for the first look. */
const FIRST_MS = 5_000;

export interface Look {
  readonly views: readonly FleetHostView[];
  /** Milliseconds since 1970, of the last look that was answered; null: none was yet. */
  readonly at: number | null;
  /** Why the look after that one failed; null: it did not. */
  readonly error: string | null;
}

export interface LookParts {
  readonly ask: () => Promise<readonly FleetHostView[]>;
  readonly logger: Logger;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/**
 * The last look at the fleet. Its place is asked in the background, one look at a time, and only while
 * somebody wants to know: whoever asks gets what was seen last.
 */
export class KeptLook {
  readonly #parts: LookParts;
  #look: Look = { views: [], at: null, error: null };
  #begun = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | null = null;

  constructor(parts: LookParts) {
    this.#parts = parts;
  }

  async current(): Promise<Look> {
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
      const views = await ask();
      this.#look = { views, at: now(), error: null };
    } catch (error) {
      const isKnown = error instanceof UserError;
      if (!isKnown) logger.error({ event: 'fleet', err: error }, 'the fleet cannot be looked at');
      const text = isKnown ? error.message : 'The fleet cannot be looked at; the log has more.';
      this.#look = { ...this.#look, error: text };
    }
  }
}
