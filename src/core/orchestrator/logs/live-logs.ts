import { LogTail, type LogPart } from '../../domain/log-tail.ts';
import type { Job } from '../../domain/job.ts';
import type { Logger } from '../../log/logger.ts';
import type { LogPartAnswer } from '../../protocol/log-text.ts';
import type { JobChange, JobStore } from '../../store/job-store.ts';
import type { MonotonicClock } from '../clock.ts';
import { logPath, writeLog } from '../../runs/log-file.ts';

/** For so long after somebody has read a log its worker is told that it is followed. Milliseconds. */
const INTEREST_MS = 30_000;

/** Readers that follow logs at the same time. */
const MAX_FOLLOWERS = 1_000;

interface Parts {
  store: Pick<JobStore, 'onChange' | 'run'>;
  clock: Pick<MonotonicClock, 'now'>;
  logger: Logger;
}

/**
 * The last lines of the attempts at work, in memory: a hundred hosts send some every few seconds, and
 * nothing of that is worth a write to the disk. When an attempt is over, what is kept of it goes to its
 * file, also when its worker could not say farewell. An orchestrator that is started again has no lines,
 * and asks the workers for all that they still have.
 */
export class LiveLogs {
  readonly #parts: Parts;
  /** By job and attempt. */
  readonly #logs = new Map<string, LiveLog>();
  readonly #writing = new Set<Promise<void>>();
  #followers = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.store.onChange((change) => this.#changed(change));
  }

  get isFull(): boolean {
    return this.#followers >= MAX_FOLLOWERS;
  }

  /** Takes lines over from the worker of an attempt that is not over. */
  append(jobId: number, attempt: number, part: LogPart): LogPartAnswer {
    const log = this.open(jobId, attempt);
    const stored = log.append(part);
    const followed = log.isFollowed(this.#parts.clock.now());
    return { status: stored ? 'stored' : 'gap', next: log.next, followed };
  }

  /** The log of an attempt that is not over, or not written yet; null: there is none. */
  find(jobId: number, attempt: number): LiveLog | null {
    return this.#logs.get(keyOf(jobId, attempt)) ?? null;
  }

  /** The same for an attempt that is known not to be over: begun if need be. */
  open(jobId: number, attempt: number): LiveLog {
    const known = this.find(jobId, attempt);
    if (known) return known;
    const log = new LiveLog();
    this.#logs.set(keyOf(jobId, attempt), log);
    return log;
  }

  /** Somebody reads it once. */
  looked(log: LiveLog): void {
    log.lookedAt = this.#parts.clock.now();
  }

  /** Somebody reads it until the function that it returns is called. */
  follow(log: LiveLog): () => void {
    this.#followers += 1;
    log.followers += 1;
    return () => {
      this.#followers -= 1;
      log.followers -= 1;
      this.looked(log);
    };
  }

  /** Writes what is kept of an attempt to its file. Resolves when it is on disk. */
  async save(jobId: number, attempt: number): Promise<void> {
    const log = this.open(jobId, attempt);
    const { next } = log;
    await writeLog(logPath(this.#parts.store.run.path, jobId, attempt), log.since(0));
    log.saved = Math.max(log.saved, next);
  }

  /** No attempt goes on: what is kept of those at work is written, and whoever follows is let go. */
  async endAll(): Promise<void> {
    for (const [key, log] of this.#logs) {
      const [jobId = 0, attempt = 0] = key.split('-').map(Number);
      this.#keep(this.#end(jobId, attempt, log));
    }
    await this.close();
  }

  #keep(written: Promise<void>): void {
    this.#writing.add(written);
    void written.then(() => this.#writing.delete(written));
  }

  /** Returns when all that is being written is written. */
  async close(): Promise<void> {
    await Promise.all(this.#writing);
  }

  #changed({ job, before }: JobChange): void {
    const attempt = endedAttempt(job, before);
    const log = attempt === null ? null : this.find(job.jobId, attempt);
    if (attempt === null || log === null) return;
    this.#keep(this.#end(job.jobId, attempt, log));
  }

  async #end(jobId: number, attempt: number, log: LiveLog): Promise<void> {
    log.end();
    try {
      if (log.next > log.saved) await this.save(jobId, attempt);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#parts.logger.warn({ job: jobId, reason }, 'the last log lines of an attempt could not be kept');
    }
    this.#logs.delete(keyOf(jobId, attempt));
  }
}

/** The log of one attempt at work, and who is waiting for more of it. */
export class LiveLog {
  followers = 0;
  /** On the orchestrator's clock; -Infinity: never. */
  lookedAt = Number.NEGATIVE_INFINITY;
  /** Lines below this number are on disk, as far as they are kept. */
  saved = 0;
  readonly #tail = new LogTail();
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  get next(): number {
    return this.#tail.next;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  since(from: number): LogPart {
    return this.#tail.since(from);
  }

  append(part: LogPart): boolean {
    const { next } = this;
    const stored = this.#tail.append(part);
    if (this.next > next) this.#tell();
    return stored;
  }

  isFollowed(now: number): boolean {
    return this.followers > 0 || now - this.lookedAt < INTEREST_MS;
  }

  /** Waits until there is a line with this number, or the attempt is over, or the signal is aborted. */
  async news(number: number, signal: AbortSignal): Promise<void> {
    while (this.next <= number && !this.#isOver && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.#waiting.delete(go);
          signal.removeEventListener('abort', go);
          resolve();
        };
        this.#waiting.add(go);
        signal.addEventListener('abort', go);
      });
    }
  }

  end(): void {
    this.#isOver = true;
    this.#tell();
  }

  #tell(): void {
    for (const go of this.#waiting) go();
  }
}

function keyOf(jobId: number, attempt: number): string {
  return `${jobId}-${attempt}`;
}

/** The number of the attempt that a change has brought to its end; null: none. */
function endedAttempt(job: Job, before: Job): number | null {
  const open = before.attempts.at(-1);
  if (open?.outcome !== null) return null;
  return job.attempts[before.attempts.length - 1]?.outcome === null ? null : open.number;
}
