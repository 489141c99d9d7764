import { join } from 'node:path';
import type { SnapshotObservation } from '../domain/ledger.ts';
import type { Slice } from '../domain/slice.ts';
import type { Logger } from '../log/logger.ts';
import type { Collection, Document } from './collection.ts';
import type { Damage } from './damage.ts';
import { fromJobDocument, type JobDocument } from './job-document.ts';
import type { ObservationDocument } from './job-store.ts';
import type { StoreContext } from './open-store.ts';
import type { RunFolder, RunInfo } from './run-folder.ts';
import { newStoredJob, type StoredJob } from './stored-job.ts';

export const JOB_FILE = 'jobs.db';
export const OBSERVATION_FILE = 'observations.db';

export interface LoadedRun {
  run: RunFolder;
  jobFile: Collection<JobDocument>;
  observationFile: Collection<ObservationDocument>;
  /** In manifest order. */
  jobs: StoredJob[];
  /** In the order in which they arrived. */
  observations: SnapshotObservation[];
  /** Number of the last one; 0: there is none. */
  lastObservation: number;
}

/**
 * Reads a run. What a crash or a bad disk has damaged is reported, and does not keep the rest from
 * loading. A job of which no document can be read is a new one: its slice is rather done again than forgotten.
 */
export async function loadRun(
  context: StoreContext,
  run: RunFolder,
  slices: readonly Slice[],
): Promise<LoadedRun> {
  const jobFile = context.open<JobDocument>({ file: join(run.path, JOB_FILE) });
  const observationFile = context.open<ObservationDocument>({ file: join(run.path, OBSERVATION_FILE) });
  const documents = await read(context, jobFile, JOB_FILE);
  const observed = (await read(context, observationFile, OBSERVATION_FILE)).toSorted(
    (a, b) => Number(a._id) - Number(b._id),
  );
  const lastObservation = Number(observed.at(-1)?._id ?? 0);
  const observations = observed.map(({ _id, ...observation }) => observation);
  const jobs = joinJobs(run.info, slices, documents);
  return { run, jobFile, observationFile, jobs, observations, lastObservation };
}

/** The jobs of a run: each slice with what has happened to it, as far as that is known. */
export function joinJobs(
  { firstJobId, createdAt }: RunInfo,
  slices: readonly Slice[],
  documents: readonly JobDocument[],
): StoredJob[] {
  const byId = new Map(documents.map((document) => [document.job.jobId, document]));
  return slices.map((slice, index) => {
    const document = byId.get(firstJobId + index);
    return document ? fromJobDocument(document, slice) : newStoredJob(firstJobId + index, slice, createdAt);
  });
}

async function read<T extends Document>(
  context: StoreContext,
  file: Collection<T>,
  name: string,
): Promise<T[]> {
  const { documents, damage } = await file.load();
  if (damage) report(context.logger, name, damage);
  return documents;
}

/** What it means to lose a line of a file. */
export const LOSS: Record<string, string> = {
  [JOB_FILE]: 'changes of jobs are lost, and jobs may begin anew',
  [OBSERVATION_FILE]: 'hashes that snapshots gave are lost, and verdicts may change',
};

function report(logger: Logger, file: string, { lost, dropped, missing, copy }: Damage): void {
  if (!lost) {
    const why = 'it was being written when the orchestrator ended';
    logger.info({ file, copy }, `dropped the last line of a file: ${why}`);
    return;
  }
  const kept = copy === null ? 'nothing is left of the file' : 'a copy of the damaged file was kept';
  const what = dropped > 0 ? 'dropped damaged lines of a file' : 'lines of a file are gone';
  logger.warn({ file, dropped, missing, copy }, `${what}: ${LOSS[file]}; ${kept}`);
}
