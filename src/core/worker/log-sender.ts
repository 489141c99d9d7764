import { LogTail } from '../domain/log-tail.ts';
import type { Logger } from '../log/logger.ts';
import { OrchestratorError } from '../protocol/client-error.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import type { CallOptions } from '../protocol/client-connection.ts';
import type { LogPartAnswer } from '../protocol/log-text.ts';
import type { Clock } from './clock.ts';

export type LogClient = Pick<OrchestratorClient, 'postLog' | 'postLogPart'>;

/** Between two looks at whether lines are due, and between two sends to somebody who reads along. */
export const LOOK_MS = 2_000;

/** Between two sends while nobody reads along: about as often as the worker reports its progress. */
export const UNWATCHED_MS = 10_000;

/** For one exchange. The lines wait without harm. */
const TIMEOUT_MS = 10_000;

export interface LogSenderOptions {
  client: LogClient;
  clock: Clock;
  logger: Logger;
  own: { jobId: number; attempt: number };
}

/**
 * Sends what nodeos prints in one attempt to the orchestrator while it runs, beside the reports and never
 * before them: what fails here is tried again later, and holds up nothing.
 *
 * The orchestrator says which line it wants next. So lines whose answer was lost do not come twice, and
 * one that was started again gets all that is still kept here.
 */
export class LogSender {
  readonly #options: LogSenderOptions;
  readonly #tail = new LogTail();
  /** Number of the line that the orchestrator wants next. */
  #wanted = 0;
  #followed = false;
  /** Sending on makes no sense: the attempt is not ours any more, or the orchestrator is an older one. */
  #ended = false;

  constructor(options: LogSenderOptions) {
    this.#options = options;
  }

  get hasLines(): boolean {
    return this.#tail.next > 0;
  }

  /** nodeos has printed a line. */
  line(line: string): void {
    this.#tail.push(line.replace(/\r$/u, ''));
  }

  /** An orchestrator that was away may have been started again, and then it has nothing of the log. */
  sendAgain(): void {
    this.#wanted = 0;
  }

  /** Sends new lines until the signal is aborted. Never rejects: no attempt fails over its log. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    let sentAt = Number.NEGATIVE_INFINITY;
    for (;;) {
      await clock.sleep(LOOK_MS, signal);
      if (signal.aborted || this.#ended) return;
      const isDue = this.#followed || clock.now() - sentAt >= UNWATCHED_MS;
      if (!isDue || this.#tail.next <= this.#wanted) continue;
      await this.#send(signal);
      sentAt = clock.now();
    }
  }

  /**
   * Sends what is still missing, to be kept.
   * @throws OrchestratorError
   */
  async finish(call: CallOptions): Promise<void> {
    const { client, own } = this.#options;
    const first = await this.#post(true, call);
    // It was started again meanwhile, and has told us what it wants.
    const answer = first?.status === 'gap' ? await this.#post(true, call) : first;
    if (answer === null) await client.postLog(own, this.#tail.since(0).lines, call);
  }

  async #send(signal: AbortSignal): Promise<void> {
    try {
      const call = { signal, timeoutMs: TIMEOUT_MS };
      const first = await this.#post(false, call);
      const answer = first?.status === 'gap' ? await this.#post(false, call) : first;
      if (answer === null) this.#ended = true;
    } catch (error) {
      if (signal.aborted) return;
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#followed = false;
    if (error instanceof OrchestratorError) {
      if (error.kind === 'unreachable') this.sendAgain();
      if (HOPELESS.has(error.kind)) this.#ended = true;
      return;
    }
    const { logger, own } = this.#options;
    logger.error({ jobId: own.jobId, err: error }, 'The log of the attempt cannot be sent while it runs');
    this.#ended = true;
  }

  async #post(last: boolean, call: CallOptions): Promise<LogPartAnswer | null> {
    const { client, own } = this.#options;
    const answer = await client.postLogPart(own, this.#tail.since(this.#wanted), last, call);
    if (answer === null) return null;
    this.#wanted = answer.next;
    this.#followed = answer.followed;
    return answer;
  }
}

const HOPELESS: ReadonlySet<OrchestratorError['kind']> = new Set(['conflict', 'not-found', 'invalid']);
