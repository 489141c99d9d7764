import { join } from 'node:path';
import type { SnapshotObservation } from '../domain/ledger.ts';
import { newJob } from '../domain/new-job.ts';
import { formatUtc } from '../domain/time.ts';
import type { Collection, Document } from './collection.ts';
import type { JobDocument, ObservationDocument } from './job-store.ts';
import type { StoreContext } from './open-store.ts';
import type { RunFolder } from './run-folder.ts';
import type { StoredJob } from './stored-job.ts';

export interface LoadedRun {
  run: RunFolder;
  jobFile: Collection<JobDocument>;
  observationFile: Collection<ObservationDocument>;
  jobs: StoredJob[];
  /** Those of the jobs that are not in the file any more and begin anew. */
  lost: StoredJob[];
  /** In the order in which they arrived. */
  observations: SnapshotObservation[];
}

/** Reads a run. What a crash or a bad disk has damaged is reported, and does not keep the rest from loading. */
export async function loadRun(context: StoreContext, run: RunFolder): Promise<LoadedRun> {
  const jobFile = context.open<JobDocument>({ file: join(run.path, 'jobs.db') });
  const observationFile = context.open<ObservationDocument>({ file: join(run.path, 'observations.db') });
  const found = (await read(context, jobFile, 'jobs.db')).map(({ _id, ...stored }) => stored);
  const observed = await read(context, observationFile, 'observations.db');
  const observations = observed
    .toSorted((a, b) => Number(a._id) - Number(b._id))
    .map(({ _id, ...observation }) => observation);
  const lost = recreateLost(context, run, found);
  return { run, jobFile, observationFile, jobs: [...found, ...lost], lost, observations };
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
      'dropped damaged lines of a file: changes may be lost. A copy of the damaged file was kept',
    );
  }
  return documents;
}

/** A job of which no line could be read is a new one: its slice is done again rather than forgotten. */
function recreateLost(context: StoreContext, run: RunFolder, found: readonly StoredJob[]): StoredJob[] {
  const ids = new Set(found.map(({ job }) => job.jobId));
  const lost: StoredJob[] = [];
  for (const [index, slice] of context.slices.slice(0, run.info.jobCount).entries()) {
    const jobId = run.info.firstJobId + index;
    if (ids.has(jobId)) continue;
    const job = newJob(jobId, slice, formatUtc(context.now));
    lost.push({ job, fence: job.revision, holder: null, lastUpdate: null });
  }
  return lost;
}
