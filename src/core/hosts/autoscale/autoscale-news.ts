import { formatUtc } from '../../domain/time.ts';
import type { AutoscaleRecord } from '../../protocol/fleet-record.ts';
import { shortfallJson } from '../host-json.ts';
import type { Shortfall } from '../provider.ts';

/** A look at the fleet, and what followed from it. */
export interface AutoscaleLook {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly launched: number;
  readonly stopped: number;
  readonly isPaused: boolean;
  /** What keeps the fleet smaller than the jobs could use, a line each. */
  readonly notes: readonly string[];
}

/** What the autoscaler did last, and what keeps it from doing more, for whoever asks. In memory. */
export class AutoscaleNews {
  readonly #now: () => number;
  #look: AutoscaleLook | null = null;
  #shortfalls: readonly Shortfall[] = [];
  #nextLaunch: number | null = null;
  #error: string | null = null;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  looked(look: AutoscaleLook): void {
    this.#look = look;
    this.#error = null;
  }

  /** A look that came to nothing. */
  failed({ message }: Error): void {
    this.#error = message;
  }

  /** A launch was answered. @param shortfalls empty: all that was asked for was to be had */
  launched(shortfalls: readonly Shortfall[]): void {
    this.#shortfalls = shortfalls;
  }

  /** @param until milliseconds since 1970, before which nothing is launched; null: nothing keeps it */
  waits(until: number | null): void {
    this.#nextLaunch = until;
  }

  record(): AutoscaleRecord {
    const look = this.#look;
    const next = this.#nextLaunch !== null && this.#nextLaunch > this.#now() ? this.#nextLaunch : null;
    return {
      looked_at: look === null ? null : formatUtc(new Date(look.at)),
      launched: look?.launched ?? 0,
      stopped: look?.stopped ?? 0,
      paused: look?.isPaused ?? false,
      notes: look?.notes ?? [],
      // What was missing then may be there by now: it counts for as long as it keeps others from being launched.
      shortfalls: next === null ? [] : this.#shortfalls.map(shortfallJson),
      next_launch_at: next === null ? null : formatUtc(new Date(next)),
      error: this.#error,
    };
  }
}
