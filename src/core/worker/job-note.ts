import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../log/logger.ts';
import type { JobUpdate } from '../protocol/full-record.ts';
import type { OwnAttempt } from './fence.ts';
import { forgetHeldJob, saveHeldJob } from './held-job.ts';

interface NoteDeps {
  dataDir: string;
  logger: Logger;
  own: OwnAttempt;
  /** The version of the job to name in the next change. */
  etag: () => string;
}

/** The note of the job that is held, for the next start. A disk that does not take it is no reason not to work. */
export class JobNote {
  readonly #deps: NoteDeps;

  constructor(deps: NoteDeps) {
    this.#deps = deps;
  }

  /** Notes that the job is ours from now on. Without it a killed worker cannot say what it held. */
  async claim(): Promise<void> {
    await this.#save(null);
  }

  /**
   * Notes how the attempt ended, before anybody is told. The chain state of an attempt that is over is of
   * no use any more, and its result is worth the space.
   * @param directory the attempt's folder
   */
  async result(result: JobUpdate, directory: string): Promise<void> {
    if (await this.#save(result)) return;
    await rm(join(directory, 'data'), { recursive: true, force: true }).catch(() => undefined);
    await this.#save(result);
  }

  /** A note that stays is settled by the next start: what it says has been done already. */
  async forget(): Promise<void> {
    const { dataDir, logger, own } = this.#deps;
    await forgetHeldJob(dataDir).catch((error: unknown) => {
      logger.warn({ jobId: own.jobId, err: error }, 'The note of the job cannot be removed');
    });
  }

  async #save(result: JobUpdate | null): Promise<boolean> {
    const { dataDir, logger, own, etag } = this.#deps;
    try {
      await saveHeldJob(dataDir, { ...own, etag: etag(), result });
      return true;
    } catch (error) {
      logger.warn({ jobId: own.jobId, err: error }, 'The job cannot be noted on the disk');
      return false;
    }
  }
}
