import { addressGroup } from './addresses.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Found, Grant } from './token-list.ts';

/** Answers to a wrong token are held back: 0.25 s after the first, doubled with each, up to 4 s. */
const FIRST_DELAY_MS = 250;
export const MAX_DELAY_MS = 4000;
/** Without another failure for this long, an address begins anew. */
const FORGET_MS = 15 * 60_000;
/** Answers that are held back at a time. */
const MAX_HELD_PER_ADDRESS = 4;
const MAX_HELD = 256;
const MAX_ADDRESSES = 10_000;
/** Tokens that are remembered as good for one address: several hosts may share it. */
const MAX_GOOD = 16;

export type Checked =
  | { kind: 'valid'; grant: Grant }
  | { kind: 'failed'; reason: 'expired' | 'unknown'; failures: number }
  /** Not even looked at: too many wrong ones from this address are waiting for their answers. */
  | { kind: 'too-many'; retryAfterSeconds: number };

export interface GuardClock {
  /** Monotonic, in milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

interface Failures {
  count: number;
  /** Monotonic, in milliseconds. */
  last: number;
}

/**
 * Slows down those who try tokens. Only wrong ones wait for their answer; while several of an address
 * wait, its other attempts are refused unseen, so that trying many at once is no quicker. A token that
 * was good from there before is let through in any case: one host with a wrong token must not lock out
 * the others behind the same address.
 *
 * A caller that goes away keeps its place until its time is over. Otherwise it could tell from a
 * missing answer that the token was wrong, and try the next one at once.
 */
export class SignInGuard {
  readonly #clock: GuardClock;
  readonly #failures = new BoundedMap<Failures>(MAX_ADDRESSES);
  readonly #good = new BoundedMap<BoundedMap<true>>(MAX_ADDRESSES);
  readonly #held = new Map<string, number>();
  #heldInAll = 0;

  constructor(clock: GuardClock) {
    this.#clock = clock;
  }

  /** @param find looks the token up; called once, or not at all */
  async check(address: string, hash: Buffer, find: () => Found): Promise<Checked> {
    const group = addressGroup(address);
    const key = hash.toString('base64');
    const good = this.#good.get(group);
    if (good?.get(key) === undefined && this.#isFull(group)) return tooMany();
    const found = find();
    if (found.kind === 'valid') {
      this.#remember(group, key);
      return found;
    }
    // One that was good before and is so no more.
    if (this.#isFull(group)) return tooMany();
    const failures = this.#count(group);
    await this.#hold(group, delayAfter(failures));
    return { kind: 'failed', reason: found.kind, failures };
  }

  #isFull(group: string): boolean {
    return this.#heldInAll >= MAX_HELD || (this.#held.get(group) ?? 0) >= MAX_HELD_PER_ADDRESS;
  }

  #remember(group: string, key: string): void {
    const good = this.#good.get(group) ?? new BoundedMap<true>(MAX_GOOD);
    good.set(key, true);
    this.#good.set(group, good);
  }

  #count(group: string): number {
    const now = this.#clock.now();
    const before = this.#failures.get(group);
    const count = before && now - before.last < FORGET_MS ? before.count + 1 : 1;
    this.#failures.set(group, { count, last: now });
    return count;
  }

  async #hold(group: string, ms: number): Promise<void> {
    this.#heldInAll += 1;
    this.#held.set(group, (this.#held.get(group) ?? 0) + 1);
    try {
      await this.#clock.sleep(ms);
    } finally {
      this.#heldInAll -= 1;
      const left = (this.#held.get(group) ?? 1) - 1;
      if (left === 0) this.#held.delete(group);
      else this.#held.set(group, left);
    }
  }
}

/** Milliseconds before the answer to the n-th failure in a row. */
export function delayAfter(failures: number): number {
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
}

function tooMany(): Checked {
  return { kind: 'too-many', retryAfterSeconds: MAX_DELAY_MS / 1000 };
}
