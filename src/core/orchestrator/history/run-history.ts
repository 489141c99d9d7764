import { isWorthKeeping, SAMPLE_SECONDS, type History, type HistoryPoint } from '../../domain/history.ts';
import type { Logger } from '../../log/logger.ts';
import type { SummaryRecord } from '../../protocol/summary-record.ts';
import type { MonotonicClock } from '../clock.ts';
import { HistoryFile } from './history-file.ts';

/** Records the course of the run, a sample every ten seconds. */
export class RunHistory {
  readonly history: History;
  readonly #file: HistoryFile;
  readonly #logger: Logger;
  #callOff: () => void = () => undefined;
  #written: Promise<void> = Promise.resolve();
  #failed = false;

  private constructor(history: History, file: HistoryFile, logger: Logger) {
    this.history = history;
    this.#file = file;
    this.#logger = logger;
  }

  static async open(runFolder: string, logger: Logger): Promise<RunHistory> {
    const { file, history, isDamaged } = await HistoryFile.open(runFolder);
    if (isDamaged) {
      logger.warn({ file: 'history.jsonl' }, 'part of the course of the run is lost; nothing else is');
    }
    return new RunHistory(history, file, logger);
  }

  /** @param look at the run as it is now; `now` is the wall clock */
  begin(clock: MonotonicClock, now: () => Date, look: () => SummaryRecord): void {
    this.#callOff = clock.after(SAMPLE_SECONDS * 1000, () => {
      this.begin(clock, now, look);
      this.#record(sampleOf(look(), now()));
    });
  }

  /** Returns when all that was recorded is in the file. */
  async close(): Promise<void> {
    this.#callOff();
    await this.#written;
  }

  #record(sample: HistoryPoint): void {
    if (!isWorthKeeping(sample, this.history.points.at(-1))) return;
    const thinned = this.history.add(sample);
    this.#written = this.#written.then(() => this.#write(sample, thinned));
  }

  /** A full disk costs the record of the course at most, and that is written when there is room again. */
  async #write(sample: HistoryPoint, thinned: boolean): Promise<void> {
    try {
      await this.#file.write(sample, this.history, thinned);
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.#logger.warn({ err: error }, 'the course of the run cannot be written');
      this.#failed = true;
    }
  }
}

function sampleOf(summary: SummaryRecord, now: Date): HistoryPoint {
  const { statuses, blocks_per_second: rate } = summary;
  const blocksPerSecond = rate ?? 0;
  return {
    time: Math.floor(now.getTime() / 1000),
    seconds: SAMPLE_SECONDS,
    blocksProcessed: summary.blocks_processed,
    blocksPerSecond,
    blocksPerSecondMax: blocksPerSecond,
    jobsDone: statuses.COMPLETE,
    jobsFailed: summary.jobs_failed,
    jobsHeld: statuses.STARTED + statuses.LOADING_SNAPSHOT + statuses.WORKING,
    hosts: summary.host_count,
    costUsd: summary.cost?.usd ?? null,
  };
}
