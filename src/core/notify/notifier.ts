/** Tells targets what becomes of a run: follows its jobs, keeps the outbox, sends. */
import type { SetAsideHost } from '../domain/host-health.ts';
import type { Job } from '../domain/job.ts';
import type { Summary } from '../domain/summary.ts';
import { isFinal, isHeld } from '../domain/transition.ts';
import type { Logger } from '../log/logger.ts';
import type { Fetch } from '../protocol/client-http.ts';
import { Delivery, type Timer } from './delivery.ts';
import type { Source } from './describe.ts';
import { NewsDesk } from './news-desk.ts';
import type { Outbox } from './outbox.ts';
import { isQuiet, type RunState } from './run-news.ts';
import { send } from './send.ts';
import type { Target } from './target.ts';

/** What is asked of the run. All of it is in memory. */
export interface RunView {
  jobs(): Iterable<Job>;
  summary(): Summary;
  hostsSetAside(): readonly SetAsideHost[];
  /** null: the host is not set aside. */
  setAside(workerId: string | null): SetAsideHost | null;
  /** No job is handed out, so that no host at work is no news. */
  isPaused(): boolean;
}

export interface NotifierParts {
  source: Source;
  targets: readonly Target[];
  outbox: Outbox;
  view: RunView;
  /** After which time without a host at work that is told. Milliseconds. */
  idleMs: number;
  userAgent: string;
  fetch: Fetch;
  timer: Timer;
  now: () => Date;
  /** From 0 up to 1. */
  random: () => number;
  logger: Logger;
}

export class Notifier {
  readonly #parts: NotifierParts;
  readonly #desk: NewsDesk;
  readonly #deliveries: readonly Delivery[];
  #state: RunState = { attempts: 0, open: 0, held: 0 };
  /** A look at the run as a whole is due. */
  #lookDue = false;
  /** Since when it has been quiet, on the timer's clock; null: it is not. */
  #quietSince: number | null = null;
  #callOff: (() => void) | null = null;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
    const { source, outbox, targets, view, now } = parts;
    this.#deliveries = targets.map((target) => this.#deliveryTo(target));
    this.#desk = new NewsDesk({
      source,
      outbox,
      targets: targets.map(({ key }) => key),
      summary: () => view.summary(),
      now,
      publish: (made) => this.#deliveries.forEach((delivery) => delivery.add(made)),
    });
  }

  /**
   * Goes on with what was left, and finds what became of the run while nobody was told. When the run has
   * never been told of, all that has become of it until now counts as told. Resolves when that is on disk.
   */
  async begin(): Promise<void> {
    const { outbox, view, targets } = this.#parts;
    this.#state = [...view.jobs()].reduce((state, job) => sum(state, job, 1), this.#state);
    if (outbox.beginRun(targets.map(({ key }) => key))) this.#lookAtAll();
    else this.#desk.silently(() => this.#lookAtAll());
    this.#watchQuiet();
    await outbox.written();
    for (const delivery of this.#deliveries) delivery.wake();
  }

  /** A job has changed, on disk. */
  changed(job: Job, before: Job): void {
    if (job.status === before.status && job.verdict === before.verdict) return;
    this.#state = sum(sum(this.#state, before, -1), job, 1);
    this.#desk.job(job);
    const host = this.#parts.view.setAside(before.attempts.at(-1)?.workerId ?? null);
    if (host !== null) this.#desk.host(host);
    this.#lookSoon();
  }

  /** A run that is resumed has all the time again until somebody works. */
  pauseChanged(): void {
    this.#watchQuiet();
  }

  /** Stops within the grace; what is not sent by then waits in the outbox. */
  async close(graceMs: number): Promise<void> {
    this.#callOff?.();
    await this.#parts.outbox.written();
    for (const delivery of this.#deliveries) delivery.wake();
    await Promise.all(this.#deliveries.map((delivery) => delivery.close(graceMs)));
    await this.#parts.outbox.close();
  }

  #deliveryTo(target: Target): Delivery {
    const { outbox, fetch, now, userAgent, timer, random, logger } = this.#parts;
    const delivery = new Delivery({
      target,
      send: (message, signal) => send(target, message, { fetch, now, signal, userAgent }),
      done: (notifications) => {
        outbox.done(target.key, notifications);
        if (this.#desk.missedSome && outbox.hasMuchRoom) this.#catchUp();
      },
      timer,
      now,
      random,
      logger,
    });
    for (const left of outbox.waitingFor(target.key)) delivery.add(left);
    return delivery;
  }

  #catchUp(): void {
    this.#desk.again(() => this.#lookAtAll());
    this.#sendSoon();
  }

  #lookAtAll(): void {
    const { view } = this.#parts;
    for (const job of view.jobs()) this.#desk.job(job);
    for (const host of view.hostsSetAside()) this.#desk.host(host);
    this.#lookAtRun();
  }

  #lookAtRun(): void {
    this.#desk.quiet(this.#state, null);
    this.#desk.end(this.#state);
  }

  /** Jobs that change in one write are told of one after the other: only after the last one it adds up. */
  #lookSoon(): void {
    if (this.#lookDue) return;
    this.#lookDue = true;
    queueMicrotask(() => {
      this.#lookDue = false;
      this.#lookAtRun();
      this.#watchQuiet();
      this.#sendSoon();
    });
  }

  /** What comes together is written together, and can then be sent together. */
  #sendSoon(): void {
    void this.#parts.outbox.written().then(() => {
      for (const delivery of this.#deliveries) delivery.wake();
    });
  }

  #watchQuiet(): void {
    const { timer, idleMs, view } = this.#parts;
    if (!isQuiet(this.#state) || view.isPaused()) {
      this.#callOff?.();
      this.#callOff = null;
      this.#quietSince = null;
    } else if (this.#quietSince === null) {
      this.#quietSince = timer.now();
      this.#callOff = timer.after(idleMs, () => {
        this.#desk.quiet(this.#state, timer.now() - (this.#quietSince ?? timer.now()));
        this.#sendSoon();
      });
    }
  }
}

/** The numbers of the run with a job more (1), or less (-1). */
function sum({ attempts, open, held }: RunState, job: Job, factor: 1 | -1): RunState {
  return {
    attempts: attempts + factor * job.attempts.length,
    open: open + factor * (isFinal(job.status) ? 0 : 1),
    held: held + factor * (isHeld(job.status) ? 1 : 0),
  };
}
