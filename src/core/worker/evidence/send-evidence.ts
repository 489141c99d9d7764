import type { Logger } from '../../log/logger.ts';
import type { AttemptEvidence } from '../../protocol/attempt-evidence.ts';
import { redact } from '../../log/redact.ts';
import { EVIDENCE_LIMIT } from '../../protocol/attempt-evidence.ts';
import type { OrchestratorClient } from '../../protocol/client.ts';
import { isPassing } from '../../protocol/client-error.ts';
import type { Clock } from '../clock.ts';

/** For one exchange: the next job must not wait long for an orchestrator that is slow to answer. */
const TIMEOUT_MS = 5000;
const PAUSE_MS = 10_000;
const MOST_TRIES = 3;

export interface SenderOptions {
  client: Pick<OrchestratorClient, 'postEvidence'>;
  clock: Clock;
  logger: Logger;
  own: { jobId: number; attempt: number };
  signal: AbortSignal;
}

/** Sends the newest of what it is given, one after the other. Nothing waits for it, and nothing fails over it. */
export class EvidenceSender {
  readonly #options: SenderOptions;
  /** Ends the pauses between tries. */
  readonly #over = new AbortController();
  #newest: AttemptEvidence | null = null;
  #done: AttemptEvidence | null = null;
  #sent: string | null = null;
  #refused = false;
  #sending: Promise<void> | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  send(evidence: AttemptEvidence): void {
    this.#newest = evidence;
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = null;
    });
  }

  /** The attempt is over: what is not sent yet is tried once more. */
  async finish(evidence: AttemptEvidence | null): Promise<void> {
    this.#over.abort();
    await this.#sending;
    if (evidence !== null) this.#newest = evidence;
    await this.#drain();
  }

  async #drain(): Promise<void> {
    const { clock, signal } = this.#options;
    const over = AbortSignal.any([signal, this.#over.signal]);
    for (let failures = 0; failures < MOST_TRIES && !signal.aborted && !this.#refused;) {
      const evidence = this.#newest;
      if (evidence === null || evidence === this.#done) return;
      if (await this.#post(evidence)) {
        this.#done = evidence;
        continue;
      }
      failures += 1;
      if (!over.aborted) await clock.sleep(PAUSE_MS, over);
      if (over.aborted) return;
    }
  }

  async #post(evidence: AttemptEvidence): Promise<boolean> {
    const { client, own, logger, signal } = this.#options;
    const fitting = fit(redact(evidence) as AttemptEvidence);
    const body = JSON.stringify(fitting);
    if (body === this.#sent) return true;
    try {
      await client.postEvidence(own, fitting, { signal, timeoutMs: TIMEOUT_MS });
      this.#sent = body;
      return true;
    } catch (error) {
      // An older orchestrator does not know the path, and will not learn it.
      this.#refused = !isPassing(error);
      logger.debug({ jobId: own.jobId, err: error }, 'The evidence of the attempt was not taken');
      return false;
    }
  }
}

/** Of thousands of block files the names are left out: their range says as much. */
function fit(evidence: AttemptEvidence): AttemptEvidence {
  if (Buffer.byteLength(JSON.stringify(evidence)) <= EVIDENCE_LIMIT - 1024) return evidence;
  return { ...evidence, blocks: evidence.blocks && { ...evidence.blocks, files: [] } };
}
