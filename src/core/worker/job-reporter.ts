import type { JobStatus } from '../domain/job.ts';
import type { Logger } from '../log/logger.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import type { CallOptions } from '../protocol/client-connection.ts';
import type { StartHash } from '../protocol/client-worker.ts';
import { isPassing, OrchestratorError } from '../protocol/client-error.ts';
import type { JobUpdate } from '../protocol/full-record.ts';
import type { Clock } from './clock.ts';
import { judgeFreshJob } from './fence.ts';
import type { OwnAttempt } from './fence.ts';
import { leaseTimes } from './lease-times.ts';
import type { LeaseTimes } from './lease-times.ts';
import { retry } from './retry.ts';

export type ReportClient = Pick<OrchestratorClient, 'update' | 'getJob' | 'postStartHash'>;

type Message =
  | { kind: 'update'; update: JobUpdate; replaceable: boolean }
  | { kind: 'start-hash'; start: StartHash }
  | { kind: 'log'; post: (call: CallOptions) => Promise<void> };

/** undelivered: we were told to stop before an answer came. */
export type Delivery = 'accepted' | 'lost' | 'undelivered';

export interface JobReporterOptions {
  client: ReportClient;
  clock: Clock;
  logger: Logger;
  own: OwnAttempt;
  etag: string;
  /** What the orchestrator last knew of the job; null when we do not know it. */
  status: JobStatus | null;
  /** How patient to be; asked before each exchange. Default: that of a lease that is not known. */
  times?: () => Pick<LeaseTimes, 'timeoutMs' | 'retryMaxMs'>;
  /** The job is not ours any more: whatever works on it must stop. */
  onLost(reason: string): void;
  /** The orchestrator stopped (false) or resumed (true) answering. */
  onContact?(answering: boolean, reason: string): void;
  /** The orchestrator answers that it does not accept us, and has for so many milliseconds. */
  onRefused?(forMs: number): void;
}

/** A version that is stale again and again although the job is ours means two workers of one name. */
const MAX_RECOVERIES = 5;

/** How the orchestrator answers when it has no such job. */
const NO_SUCH_JOB = /Could not find job/u;

/** The longest pause in milliseconds while a job is given back: not much time is left for it. */
const GIVE_BACK_PAUSE_MS = 5000;

/** An orchestrator that answers may be asked so often to take a log; a result waits behind it. */
const MAX_LOG_TRIES = 3;

/**
 * Sends what happens in one attempt to the orchestrator, one message after the other, in order.
 *
 * - open: messages are sent as they come. While no answer comes they wait, and are sent again with
 *   growing pauses; of several progress reports in a row only the newest is kept.
 * - lost: the job is not ours (judgeFreshJob). Nothing is sent any more. Reached from open.
 * - stopped: we were told to end. Only giveBack sends still. Reached from open.
 */
export class JobReporter {
  readonly #options: JobReporterOptions;
  readonly #stop = new AbortController();
  #queue: Message[] = [];
  #sending: Promise<void> | null = null;
  #etag: string;
  #status: JobStatus | null;
  #lostReason: string | null = null;
  #defect: unknown = null;
  readonly #delivered = new WeakSet<Message>();
  #recoveries = 0;
  #logTries = 0;
  #answering = true;
  #refusedSince: number | null = null;

  constructor(options: JobReporterOptions) {
    this.#options = options;
    this.#etag = options.etag;
    this.#status = options.status;
  }

  /** The version to name in the next change. */
  get etag(): string {
    return this.#etag;
  }

  /** Why the job is not ours any more; null while it is. */
  get lostReason(): string | null {
    return this.#lostReason;
  }

  /** A change of state. Sent after all that was given before it. */
  send(update: JobUpdate): void {
    this.#push({ kind: 'update', update, replaceable: false });
  }

  /** The same state with newer figures. Replaces one that still waits to be sent. */
  progress(update: JobUpdate): void {
    const last = this.#queue.at(-1);
    if (last?.kind === 'update' && last.replaceable) this.#queue.pop();
    this.#push({ kind: 'update', update, replaceable: true });
  }

  startHash(start: StartHash): void {
    this.#push({ kind: 'start-hash', start });
  }

  /** The log of the attempt, which is sent before what is given after it. Not to be waited for too long. */
  log(post: (call: CallOptions) => Promise<void>): void {
    this.#push({ kind: 'log', post });
  }

  /** Sends a change that matters and waits, however long it takes, until it is answered or we are stopped. */
  async deliver(update: JobUpdate): Promise<Delivery> {
    this.#queue = this.#queue.filter((message) => message.kind !== 'update' || !message.replaceable);
    const message: Message = { kind: 'update', update, replaceable: false };
    this.#push(message);
    await this.#idle();
    return this.#answerTo(message);
  }

  /** Counts the job as lost, for a reason that only the caller knows. */
  giveUp(reason: string): void {
    this.#lose(reason);
  }

  /** Ends all waiting and sending. */
  stop(): void {
    this.#stop.abort();
  }

  /** Stops, forgets what waits, and tries for so many milliseconds to return the job. */
  async giveBack(update: JobUpdate, withinMs: number): Promise<Delivery> {
    this.stop();
    await this.#idle();
    if (this.#lostReason !== null) return 'lost';
    // A change whose answer we did not wait for may have been carried out.
    this.#status = null;
    const message: Message = { kind: 'update', update, replaceable: false };
    this.#queue = [message];
    const deadline = this.#options.clock.now() + withinMs;
    await this.#drain(AbortSignal.timeout(withinMs), deadline);
    return this.#answerTo(message);
  }

  /** Nothing is being sent any more. */
  async #idle(): Promise<void> {
    while (this.#sending !== null) await this.#sending;
  }

  #answerTo(message: Message): Delivery {
    if (this.#defect !== null) throw this.#defect;
    if (this.#lostReason !== null) return 'lost';
    return this.#delivered.has(message) ? 'accepted' : 'undelivered';
  }

  #push(message: Message): void {
    if (this.#lostReason !== null || this.#stop.signal.aborted) return;
    this.#queue.push(message);
    this.#start();
  }

  #start(): void {
    this.#sending ??= this.#drain(this.#stop.signal).then(() => {
      this.#sending = null;
      // Something may have come between the last look at the queue and this moment.
      if (this.#queue.length > 0 && !this.#stop.signal.aborted) this.#start();
    });
  }

  get #times(): Pick<LeaseTimes, 'timeoutMs' | 'retryMaxMs'> {
    return this.#options.times?.() ?? leaseTimes(undefined, Number.POSITIVE_INFINITY);
  }

  /** Never rejects: what it cannot explain is kept for whoever waits for an answer. */
  async #drain(signal: AbortSignal, deadline?: number): Promise<void> {
    const { clock } = this.#options;
    while (this.#queue.length > 0 && !signal.aborted) {
      try {
        await retry(() => this.#sendFirst(signal), {
          clock,
          signal,
          again: (error) => error instanceof OrchestratorError,
          onWait: (error) => this.#noAnswer(error),
          maxMs:
            deadline === undefined
              ? this.#times.retryMaxMs
              : Math.min(this.#times.retryMaxMs, GIVE_BACK_PAUSE_MS),
          ...(deadline === undefined ? {} : { deadline }),
        });
        this.#refusedSince = null;
        this.#contact(true, '');
      } catch (error) {
        if (signal.aborted || error instanceof OrchestratorError) return;
        this.#defect = error;
        this.#lose(`a defect in this program: ${String(error)}`);
      }
    }
  }

  /** Throws only what is worth another try, or is a defect. */
  async #sendFirst(signal: AbortSignal): Promise<void> {
    const message = this.#queue[0];
    if (message === undefined) return;
    try {
      await this.#post(message, signal);
    } catch (error) {
      if (!(error instanceof OrchestratorError)) throw error;
      if (!(await this.#settle(message, error, signal))) return;
    }
    this.#recoveries = 0;
    this.#remove(message);
  }

  async #post(message: Message, signal: AbortSignal): Promise<void> {
    const { client, own } = this.#options;
    const call = { signal, timeoutMs: this.#times.timeoutMs };
    switch (message.kind) {
      case 'update':
        this.#etag = await client.update(own.jobId, this.#etag, message.update, call);
        this.#status = message.update.status;
        return;
      case 'start-hash':
        await client.postStartHash(message.start, call);
        return;
      case 'log':
        await message.post(call);
        return;
      default:
        message satisfies never;
    }
  }

  /** What to do after a refusal. True: the message is done with; false: look at the queue again. */
  async #settle(message: Message, error: OrchestratorError, signal: AbortSignal): Promise<boolean> {
    // A log is worth no wait beyond that for an orchestrator that is away or about to stop.
    if (message.kind === 'log' && (error.kind !== 'unreachable' || (await this.#answers(signal)))) {
      this.#logTries += 1;
      if (!isPassing(error) || this.#logTries >= MAX_LOG_TRIES) return this.#giveUpOn(message, error);
    }
    switch (error.kind) {
      case 'unavailable':
        // It answers, and cannot take this. The lease must not run out over it.
        if (message.kind !== 'update' && (await this.#signOfLife(signal))) return true;
        throw error;
      case 'unreachable':
      case 'refused':
      case 'set-aside':
      case 'bad-answer':
        throw error;
      case 'stale':
      case 'conflict':
        return message.kind === 'update'
          ? this.#recover(message, error, signal)
          : this.#giveUpOn(message, error);
      case 'not-found':
        // Another run has begun. A 404 in other words may come from a proxy, and passes.
        return message.kind === 'update' && NO_SUCH_JOB.test(error.message)
          ? this.#lose('the orchestrator does not know it any more: it is at another run')
          : this.#giveUpOn(message, error);
      case 'invalid':
        return this.#giveUpOn(message, error);
      default:
        return error.kind satisfies never;
    }
  }

  /** Whether the orchestrator is there at all. */
  async #answers(signal: AbortSignal): Promise<boolean> {
    const { client, own } = this.#options;
    try {
      await client.getJob(own.jobId, { signal, timeoutMs: this.#times.timeoutMs });
      return true;
    } catch (error) {
      if (!(error instanceof OrchestratorError)) throw error;
      return error.kind !== 'unreachable';
    }
  }

  /** Renews the lease while another message waits. True when that showed that the job is not ours any more. */
  async #signOfLife(signal: AbortSignal): Promise<boolean> {
    if (this.#status === null) return false;
    const sign: Message = { kind: 'update', update: { status: this.#status }, replaceable: true };
    try {
      await this.#post(sign, signal);
    } catch (error) {
      if (!(error instanceof OrchestratorError)) throw error;
      if (error.kind === 'stale' || error.kind === 'conflict') await this.#recover(sign, error, signal);
    }
    return this.#lostReason !== null;
  }

  async #recover(
    message: Message & { kind: 'update' },
    error: OrchestratorError,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { client, own } = this.#options;
    const fresh = await client.getJob(own.jobId, { signal, timeoutMs: this.#times.timeoutMs });
    if (fresh === null) return this.#lose('the orchestrator does not know it any more');
    const judgement = judgeFreshJob(fresh.job, own, this.#status, message.update);
    if (judgement === 'lost') return this.#lose(`somebody else changed it (it is ${fresh.job.status} now)`);
    const sameVersion = fresh.etag === this.#etag;
    this.#etag = fresh.etag;
    this.#status = fresh.job.status;
    if (judgement === 'accepted') return true;
    this.#recoveries += 1;
    if (this.#recoveries > MAX_RECOVERIES) {
      return this.#lose('its version changes all the time: is another worker of the same name running?');
    }
    return sameVersion && error.kind === 'conflict' ? this.#giveUpOn(message, error) : false;
  }

  /** Progress, a hash or a log that is not wanted is left out; a result that is not wanted ends the job. */
  #giveUpOn(message: Message, error: OrchestratorError): boolean {
    const { logger, own } = this.#options;
    logger.warn(
      { jobId: own.jobId, message: message.kind, reason: error.message },
      'The orchestrator refuses a message',
    );
    if (message.kind !== 'update' || message.replaceable) return true;
    return this.#lose(`the orchestrator refuses ${message.update.status}: ${error.message}`);
  }

  #lose(reason: string): true {
    if (this.#lostReason === null) {
      this.#lostReason = reason;
      this.#queue = [];
      this.#options.onLost(reason);
    }
    return true;
  }

  #remove(message: Message): void {
    this.#delivered.add(message);
    // By identity: a newer progress report may have taken its place while it was under way.
    const index = this.#queue.indexOf(message);
    if (index !== -1) this.#queue.splice(index, 1);
  }

  #noAnswer(error: unknown): void {
    const { clock } = this.#options;
    const isRefused = error instanceof OrchestratorError && error.kind === 'refused';
    this.#refusedSince = isRefused ? (this.#refusedSince ?? clock.now()) : null;
    if (this.#refusedSince !== null) this.#options.onRefused?.(clock.now() - this.#refusedSince);
    this.#contact(false, error instanceof Error ? error.message : String(error));
  }

  #contact(answering: boolean, reason: string): void {
    if (answering === this.#answering) return;
    this.#answering = answering;
    this.#options.onContact?.(answering, reason);
  }
}
