import { backoffDelay } from '../domain/backoff.ts';
import { parseUtc } from '../domain/time.ts';
import type { Logger } from '../log/logger.ts';
import { messageOf, type Message } from './message.ts';
import type { Notification } from './notification.ts';
import { fullAllowance, nextMessage, refilled, untilNext, type Allowance } from './pacing.ts';
import type { Sent } from './send.ts';
import type { Target } from './target.ts';

/** How long a notification is tried for, from the moment of what it tells. Milliseconds. */
export const LIFETIME_MS = 24 * 3_600_000;
/** Tries of a message that the target refuses. */
export const TRIES_WHEN_REFUSED = 5;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
/** A target that asks for more than that is asked all the same. */
const LONGEST_RETRY_AFTER_MS = 6 * 3_600_000;

/** Time that nobody can set. */
export interface Timer {
  now(): number;
  /** @returns what calls it off */
  after(delayMs: number, callback: () => void): () => void;
}

export interface DeliveryParts {
  target: Target;
  /** One request; never throws. */
  send: (message: Message, signal: AbortSignal) => Promise<Sent>;
  /** These need not be sent to the target any more: they were delivered, or given up. */
  done: (notifications: readonly Notification[]) => void;
  timer: Timer;
  now: () => Date;
  /** From 0 up to 1. */
  random: () => number;
  logger: Logger;
}

/**
 * What waits for one target. One request at a time.
 *
 * - resting: nothing waits, or only until there are more messages allowed, or until the next try.
 * - sending: a message is under way. It stays the same until it is delivered or given up, so that the target
 *   can tell that it is the same one.
 * - closing: no new timers; what can be sent at once still is.
 * - closed: whatever is still there waits in the outbox for the next start.
 */
export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #waiting: Notification[] = [];
  readonly #abort = new AbortController();
  #allowance: Allowance;
  #message: Message | null = null;
  /** Of the message. */
  #failures = 0;
  #refusals = 0;
  #callOff: (() => void) | null = null;
  #sending: Promise<void> | null = null;
  #closing = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#allowance = fullAllowance(parts.timer.now());
  }

  add(notification: Notification): void {
    this.#waiting.push(notification);
  }

  /** Begins to send, if there is something to send, and nothing to wait for. */
  wake(): void {
    if (this.#sending !== null || this.#callOff !== null || this.#abort.signal.aborted) return;
    this.#sending = this.#sendAll().finally(() => {
      this.#sending = null;
      // Something may have come in the moment between the last look and this.
      if (!this.#closing && this.#message === null && this.#waiting.length > 0) this.wake();
    });
  }

  /** Gives what can be sent at once so many milliseconds, then stops. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    this.#callOff?.();
    const timer = setTimeout(() => this.#abort.abort(), graceMs);
    await this.#sending;
    clearTimeout(timer);
    this.#abort.abort();
  }

  async #sendAll(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const message = (this.#message ??= this.#take());
      if (message === null) return;
      const sent = await this.#parts.send(message, this.#abort.signal);
      if (sent.result === 'delivered') this.#delivered(message);
      else if (this.#abort.signal.aborted) return;
      else if (!this.#tryAgain(message, sent)) return;
    }
  }

  /** The next message; null: there is none, or not yet. */
  #take(): Message | null {
    if (this.#waiting.length === 0) return null;
    this.#allowance = refilled(this.#allowance, this.#parts.timer.now());
    const count = nextMessage(this.#waiting.length, this.#allowance);
    if (count === 0) {
      this.#pause(untilNext(this.#allowance));
      return null;
    }
    this.#allowance = { ...this.#allowance, messages: this.#allowance.messages - 1 };
    return messageOf(this.#waiting.splice(0, count));
  }

  #delivered(message: Message): void {
    const { logger, target } = this.#parts;
    const fields = { target: target.name, ...named(message) };
    if (this.#failures > 0) logger.info({ ...fields, failures: this.#failures }, 'delivered in the end');
    else logger.debug(fields, 'delivered');
    this.#end(message.notifications);
  }

  /** Returns whether to go on at once. */
  #tryAgain(message: Message, { result, what, retryAfterMs }: Sent): boolean {
    const { logger, target, random } = this.#parts;
    this.#failures += 1;
    if (result === 'refused') this.#refusals += 1;
    const late = message.notifications.filter((notification) => this.#isTooOld(notification));
    const givenUp = this.#refusals >= TRIES_WHEN_REFUSED ? message.notifications : late;
    const fields = { target: target.name, reason: what, failures: this.#failures };
    if (givenUp.length > 0) {
      logger.error({ ...fields, ...named(messageOf(givenUp)) }, 'could not be delivered, and is given up');
      this.#waiting.unshift(...message.notifications.filter((one) => !givenUp.includes(one)));
      this.#end(givenUp);
      return true;
    }
    const backoff = { attempt: this.#failures, baseMs: FIRST_PAUSE_MS, maxMs: LONGEST_PAUSE_MS };
    // At least half of it: a target that is down is not asked twice in one moment.
    const own = backoffDelay({ ...backoff, random: 0.5 + random() / 2 });
    const pauseMs = Math.max(own, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
    logger.warn({ ...fields, ...named(message), againInMs: pauseMs }, 'could not be delivered');
    this.#pause(pauseMs);
    return false;
  }

  #end(notifications: readonly Notification[]): void {
    this.#message = null;
    this.#failures = 0;
    this.#refusals = 0;
    this.#parts.done(notifications);
  }

  #isTooOld({ at }: Notification): boolean {
    return this.#parts.now().getTime() - (parseUtc(at)?.getTime() ?? 0) > LIFETIME_MS;
  }

  #pause(delayMs: number): void {
    if (this.#closing) return;
    this.#callOff = this.#parts.timer.after(delayMs, () => {
      this.#callOff = null;
      this.wake();
    });
  }
}

/** For the log: not more than a few ids. */
function named({ notifications }: Message): { notifications: string[]; more?: number } {
  const ids = notifications.slice(0, 3).map(({ id }) => id);
  return notifications.length > 3
    ? { notifications: ids, more: notifications.length - 3 }
    : { notifications: ids };
}
