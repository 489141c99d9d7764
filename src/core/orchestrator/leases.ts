import { LeaseBook } from '../domain/lease.ts';
import { formatUtc } from '../domain/time.ts';
import type { Logger } from '../log/logger.ts';
import type { MonotonicClock } from './clock.ts';

/** After a write that failed. Milliseconds. */
const TRY_AGAIN_MS = 5_000;

/** A timer that is late by more than this and half a term means that this process stood still. Milliseconds. */
const STANDSTILL_MS = 1_000;

export interface LeaseOptions {
  termSeconds: number;
  clock: MonotonicClock;
  now: () => Date;
  logger: Logger;
}

/**
 * The leases of the held jobs, and one timer for the first that runs out.
 *
 * - resting: no lease, no timer.
 * - waiting: the timer is set for the end that the first lease had then. A renewal leaves it as it is: it
 *   may go off early, and is then set again.
 * - expiring: overdue jobs are being put back, in one write. When that fails, it is tried again.
 */
export class Leases {
  readonly termSeconds: number;
  readonly #book: LeaseBook;
  readonly #options: LeaseOptions;
  #expire: (overdue: () => number[]) => Promise<void> = () => Promise.resolve();
  #callOff: (() => void) | null = null;
  #closed = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.termSeconds = options.termSeconds;
    this.#book = new LeaseBook(options.termSeconds * 1000);
  }

  /**
   * Begins to watch: all jobs that are held get a full term from now on.
   *
   * @param expire puts back the jobs that are overdue when it comes to it, and resolves when that is on disk
   */
  begin(heldJobIds: Iterable<number>, expire: (overdue: () => number[]) => Promise<void>): void {
    this.#expire = expire;
    for (const jobId of heldJobIds) this.renew(jobId);
  }

  /** The holder was heard from. */
  renew(jobId: number): void {
    this.#book.renew(jobId, this.#options.clock.now());
    if (this.#callOff === null) this.#setTimer(this.#book.termMs);
  }

  /** Nobody holds the job any more. */
  end(jobId: number): void {
    this.#book.end(jobId);
  }

  /** Jobs that have a lease. Some may not be held: their claim could not be stored. */
  jobIds(): number[] {
    return this.#book.jobIds();
  }

  /** On the wall clock, as well as that is known. UTC; null: the job has no lease. */
  expiresAt(jobId: number): string | null {
    const end = this.#book.endOf(jobId);
    if (end === null) return null;
    const left = Math.max(end - this.#options.clock.now(), 0);
    return formatUtc(new Date(this.#options.now().getTime() + left));
  }

  close(): void {
    this.#closed = true;
    this.#callOff?.();
  }

  #setTimer(delayMs: number): void {
    if (this.#closed) return;
    const { clock } = this.#options;
    const due = clock.now() + delayMs;
    this.#callOff = clock.after(delayMs, () => void this.#look(due));
  }

  async #look(due: number): Promise<void> {
    const { clock, logger } = this.#options;
    if (clock.now() - due > STANDSTILL_MS + this.#book.termMs / 2) {
      // The holders may have spoken all the time, and nobody here could hear them.
      logger.warn(
        { lateMs: Math.round(clock.now() - due) },
        'this process stood still; all leases begin anew',
      );
      for (const jobId of this.jobIds()) this.#book.renew(jobId, clock.now());
    }
    const expired = await this.#expireOverdue();
    this.#callOff = null;
    const first = this.#book.firstEnd();
    if (first === null) return;
    this.#setTimer(expired ? Math.max(first - clock.now(), 0) : TRY_AGAIN_MS);
  }

  /** Returns false when it could not be stored. */
  async #expireOverdue(): Promise<boolean> {
    const { clock, logger } = this.#options;
    const overdue = (): number[] => this.#book.overdue(clock.now());
    if (overdue().length === 0) return true;
    try {
      await this.#expire(overdue);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.error({ reason }, 'jobs of lost hosts could not be put back; trying again');
      return false;
    }
  }
}
