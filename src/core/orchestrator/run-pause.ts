import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatUtc } from '../domain/time.ts';
import { syncFolder, writeFileAtomically } from '../files/atomic-file.ts';
import type { Logger } from '../log/logger.ts';
import type { PausedRecord } from '../protocol/summary-record.ts';
import { StoreUnavailable } from '../store/group-commit.ts';

/** In the folder of a run while it is paused. */
const PAUSE_FILE = 'paused.json';

/**
 * Whether jobs of the run are handed out. Kept in the run's folder, so that a restart does not hand out
 * what a person has stopped. Whoever asks for what is so already changes nothing.
 */
export class RunPause {
  readonly #runFolder: string;
  readonly #listeners = new Set<() => void>();
  #state: PausedRecord | null;
  #changing: Promise<unknown> = Promise.resolve();

  private constructor(runFolder: string, state: PausedRecord | null) {
    this.#runFolder = runFolder;
    this.#state = state;
  }

  /** A file that cannot be read still says that somebody wanted a pause. */
  static async open(runFolder: string, now: Date, logger: Logger): Promise<RunPause> {
    const text = await readFile(join(runFolder, PAUSE_FILE), 'utf8').catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? null : '',
    );
    if (text === null) return new RunPause(runFolder, null);
    const kept = parse(text);
    const state = kept ?? { since: formatUtc(now), by: null, reason: `${PAUSE_FILE} is damaged` };
    logger.warn({ ...state }, 'the run is paused: no job is handed out until somebody resumes it');
    return new RunPause(runFolder, state);
  }

  /** null: jobs are handed out. */
  get state(): PausedRecord | null {
    return this.#state;
  }

  /**
   * Resolves when it is on disk, with true when the run was not paused before.
   * @throws StoreUnavailable when it cannot be written; then nothing has changed
   */
  pause(state: PausedRecord): Promise<boolean> {
    return this.#change(state, (path) => writeFileAtomically(path, `${JSON.stringify(state, null, 4)}\n`));
  }

  /** As `pause`, the other way round. */
  resume(): Promise<boolean> {
    return this.#change(null, async (path) => {
      await rm(path, { force: true });
      await syncFolder(this.#runFolder);
    });
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  #change(state: PausedRecord | null, write: (path: string) => Promise<void>): Promise<boolean> {
    const changed = this.#changing.then(async () => {
      if ((state === null) === (this.#state === null)) return false;
      try {
        await write(join(this.#runFolder, PAUSE_FILE));
      } catch (error) {
        throw new StoreUnavailable('The change could not be stored', { cause: error });
      }
      this.#state = state;
      for (const listener of this.#listeners) listener();
      return true;
    });
    this.#changing = changed.catch(() => undefined);
    return changed;
  }
}

function parse(text: string): PausedRecord | null {
  try {
    const { since, by, reason } = JSON.parse(text) as Partial<Record<keyof PausedRecord, unknown>>;
    if (typeof since !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/u.test(since)) return null;
    const told = (value: unknown): string | null => (typeof value === 'string' ? value : null);
    return { since, by: told(by), reason: told(reason) };
  } catch {
    return null;
  }
}
