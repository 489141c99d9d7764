import { lockHolder } from '../files/lock.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { damagedRunRecord, type RunRecord } from '../protocol/run-record.ts';
import type { SummaryRecord } from '../protocol/summary-record.ts';
import { toFullRecord } from '../protocol/to-full-record.ts';
import { UserError } from '../domain/user-error.ts';
import { findRuns, type FoundRun } from './find-runs.ts';
import { loadPastRun } from './load-past-run.ts';
import { jobsOf } from './past-run.ts';
import { pastRecordContext, pastRunRecord, pastSummary } from './past-records.ts';
import { noSuchRun, unreadable } from './run-errors.ts';

/** A run out of a data directory, in the shapes of the protocol. */
export interface StoredRun {
  summary: SummaryRecord;
  jobs: FullJobRecord[];
  /** The folder of the run. */
  path: string;
  /** Number of the process whose orchestrator is at work on the run; null: none is. */
  holder: number | null;
}

/**
 * Reads one run of a data directory without its orchestrator, and writes nothing.
 * @param runId null: the last one
 * @throws UserError when there is no such run, or it cannot be read
 */
export async function readStoredRun(dataDir: string, runId: number | null): Promise<StoredRun> {
  const runs = await findRuns(dataDir);
  const found = runId === null ? runs.at(-1) : runs.find((run) => run.runId === runId);
  if (found === undefined) throw noSuchRun(runId, `in ${dataDir}`);
  const holder = found === runs.at(-1) ? ((await lockHolder(dataDir))?.pid ?? null) : null;
  const run = await loading(dataDir, found);
  const records = pastRecordContext(run);
  return {
    summary: pastSummary(run, holder !== null),
    jobs: jobsOf(run).map((job) => toFullRecord(job, records)),
    path: run.path,
    holder,
  };
}

/** All runs of a data directory, oldest first. What cannot be read says so in its place. */
export async function listStoredRuns(dataDir: string): Promise<RunRecord[]> {
  const runs = await findRuns(dataDir);
  const records: RunRecord[] = [];
  for (const found of runs) {
    const isCurrent = found === runs.at(-1);
    // One at a time: each may fill a good part of the memory.
    records.push(
      await loading(dataDir, found).then(
        (run) => pastRunRecord(run, isCurrent),
        (error: unknown) => {
          if (!(error instanceof UserError)) throw error;
          return damagedRunRecord(found.runId, isCurrent, error.message);
        },
      ),
    );
  }
  return records;
}

async function loading(dataDir: string, found: FoundRun): ReturnType<typeof loadPastRun> {
  return loadPastRun(found).catch((error: unknown) => {
    throw error instanceof UserError ? error : unreadable(dataDir, error);
  });
}
