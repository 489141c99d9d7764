import { inTurn } from '../domain/in-turn.ts';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../domain/user-error.ts';
import { damagedRunRecord, type RunRecord } from '../protocol/run-record.ts';
import { JOB_FILE, OBSERVATION_FILE } from '../store/load-run.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { findRuns, type FoundRun } from './find-runs.ts';
import { loadPastRun } from './load-past-run.ts';
import { pastRunRecord } from './past-records.ts';
import type { PastRun } from './past-run.ts';

/** Whole runs that are kept in memory: two of them are compared. */
const MOST_KEPT = 2;

/**
 * The past runs of an orchestrator. They are read when they are asked for, one at a time, and a few are
 * kept: 100,000 jobs take a good part of the memory. Of the others only the numbers are kept.
 */
export class RunArchive {
  readonly #dataDir: string;
  readonly #currentId: number;
  /** By what tells the files of the run from others; the last asked for at the end. */
  readonly #kept = new Map<string, PastRun>();
  readonly #records = new Map<string, RunRecord>();
  /** Whoever asks for what is being read already finds it when it is their turn. */
  readonly #inTurn = inTurn();

  /** @param current the run that is at work, which is told by others */
  constructor(current: RunFolder) {
    this.#dataDir = dirname(dirname(current.path));
    this.#currentId = current.info.runId;
  }

  /**
   * One past run; null: there is none of this number.
   * @throws UserError when it is damaged beyond telling, Error when the disk cannot be read
   */
  async get(runId: number): Promise<PastRun | null> {
    const found = (await this.#past()).find((run) => run.runId === runId);
    return found === undefined ? null : this.#inTurn(() => this.#load(found));
  }

  /** All past runs, oldest first. */
  async list(): Promise<RunRecord[]> {
    const records: RunRecord[] = [];
    for (const found of await this.#past()) {
      records.push(await this.#inTurn(() => this.#record(found)));
    }
    return records;
  }

  async #past(): Promise<FoundRun[]> {
    return (await findRuns(this.#dataDir)).filter(({ runId }) => runId < this.#currentId);
  }

  async #load(found: FoundRun): Promise<PastRun> {
    const key = await keyOf(found);
    const run = this.#kept.get(key) ?? (await loadPastRun(found));
    this.#kept.delete(key);
    this.#kept.set(key, run);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size > MOST_KEPT) this.#kept.delete(oldest);
    }
    return run;
  }

  async #record(found: FoundRun): Promise<RunRecord> {
    const key = await keyOf(found);
    const known = this.#records.get(key);
    if (known !== undefined) return known;
    try {
      // Not kept: a list of runs would push out those that somebody is looking at.
      const record = pastRunRecord(this.#kept.get(key) ?? (await loadPastRun(found)), false);
      this.#records.set(key, record);
      return record;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return damagedRunRecord(found.runId, false, error.message);
    }
  }
}

/** A person may remove a folder, or put one back from a backup. */
async function keyOf({ runId, path }: FoundRun): Promise<string> {
  const files = ['run.json', 'slices.json', JOB_FILE, OBSERVATION_FILE];
  const marks = files.map((name) =>
    stat(join(path, name)).then(
      ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
      () => 'none',
    ),
  );
  return [runId, ...(await Promise.all(marks))].join(', ');
}
