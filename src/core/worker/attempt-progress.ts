import type { JobStatus, Stage } from '../domain/job.ts';
import type { JobUpdate } from '../protocol/full-record.ts';
import { addSample, ratePerSecond, timeLeftMs } from './rate.ts';
import type { RateWindow } from './rate.ts';
import { createStopwatch } from './stopwatch.ts';

/** Where an attempt is. It becomes the worker's reports and what a terminal shows. */
export class AttemptProgress {
  readonly #now: () => number;
  readonly #stopwatch;
  #status: JobStatus = 'STARTED';
  #block: number | null = null;
  #window: RateWindow = [];
  #nodeosVersion: string | null = null;
  #failed: Stage | null = null;

  constructor(now: () => number) {
    this.#now = now;
    this.#stopwatch = createStopwatch(now);
  }

  begin(stage: Stage): void {
    this.#stopwatch.begin(stage);
  }

  end(stage: Stage): void {
    this.#stopwatch.end(stage);
  }

  /** What the job is from now on. */
  become(status: JobStatus): void {
    this.#status = status;
  }

  /** As `nodeos --version` says it. */
  uses(nodeosVersion: string): void {
    this.#nodeosVersion = nodeosVersion;
  }

  /** The last block that is done. */
  reached(block: number): void {
    this.#block = block;
    this.#window = addSample(this.#window, { at: this.#now(), done: block });
  }

  /** null before the replay. */
  get block(): number | null {
    return this.#block;
  }

  get blocksPerSecond(): number | null {
    return ratePerSecond(this.#window, this.#now());
  }

  leftMs(endBlock: number): number | null {
    return this.#block === null ? null : timeLeftMs(endBlock - this.#block, this.blocksPerSecond);
  }

  /** Which of the stages that run side by side has failed; the first one counts. */
  failedIn(stage: Stage): void {
    this.#failed ??= stage;
  }

  /** What is being done; null between two stages. */
  get running(): Stage | null {
    return this.#stopwatch.current();
  }

  /** The stage to blame for what has just failed. */
  get failed(): Stage {
    return this.#failed ?? this.running ?? 'install';
  }

  /** The state of the job with all figures; also sent when nothing has changed, as a sign of life. */
  update(): JobUpdate {
    const stage = this.#stopwatch.current();
    const rate = this.blocksPerSecond;
    return {
      status: this.#status,
      ...(stage === null ? {} : { stage }),
      ...(this.#block === null ? {} : { last_block_processed: this.#block }),
      ...(rate === null ? {} : { blocks_per_second: Math.round(rate * 100) / 100 }),
      ...this.facts(),
    };
  }

  /** What an ended attempt leaves. */
  facts(): Pick<JobUpdate, 'nodeos_version' | 'stage_times'> {
    return {
      ...(this.#nodeosVersion === null ? {} : { nodeos_version: this.#nodeosVersion }),
      stage_times: this.#stopwatch.times(),
    };
  }
}
