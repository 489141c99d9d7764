import { join } from 'node:path';
import type { SnapshotObservation } from '../domain/ledger.ts';
import type { Slice } from '../domain/slice.ts';
import type { Collection, Document } from './collection.ts';
import { fromJobDocument, type JobDocument } from './job-document.ts';
import type { ObservationDocument } from './job-store.ts';
import type { StoreContext } from './open-store.ts';
import type { RunFolder } from './run-folder.ts';
import { newStoredJob, type StoredJob } from './stored-job.ts';

export interface LoadedRun {
  run: RunFolder;
  jobFile: Collection<JobDocument>;
  observationFile: Collection<ObservationDocument>;
  /** In manifest order. */
  jobs: StoredJob[];
  /** In the order in which they arrived. */
  observations: SnapshotObservation[];
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
  const jobFile = context.open<JobDocument>({ file: join(run.path, 'jobs.db') });
  const observationFile = context.open<ObservationDocument>({ file: join(run.path, 'observations.db') });
  const documents = await read(context, jobFile, 'jobs.db');
  const observed = await read(context, observationFile, 'observations.db');
  const observations = observed
    .toSorted((a, b) => Number(a._id) - Number(b._id))
    .map(({ _id, ...observation }) => observation);
  return { run, jobFile, observationFile, jobs: joinJobs(run, slices, documents), observations };
}

function joinJobs(
  { info: { firstJobId, createdAt } }: RunFolder,
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
  if (damage?.onlyLast) {
    context.logger.info(
      { file: name, copy: damage.copy },
      'dropped the last line of a file: it was being written when the orchestrator ended',
    );
  } else if (damage) {
    context.logger.warn(
      { file: name, lines: damage.lines, copy: damage.copy },
      'dropped damaged lines of a file: changes may be lost, and jobs may begin anew. A copy of the damaged file was kept',
    );
  }
  return documents;
}
