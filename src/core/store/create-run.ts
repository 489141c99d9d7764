import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newJob } from '../domain/new-job.ts';
import { formatUtc } from '../domain/time.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { toJobDocument, type JobDocument, type ObservationDocument } from './job-store.ts';
import type { LoadedRun } from './load-run.ts';
import type { StoreContext } from './open-store.ts';
import { runPath, writeRunInfo, type RunInfo } from './run-folder.ts';
import type { StoredJob } from './stored-job.ts';

/** Begins a run: its folder with a job for each slice. It exists once `run.json` is written, which is last. */
export async function createRun(context: StoreContext, previous: RunInfo | null): Promise<LoadedRun> {
  const { slices, now } = context;
  const runId = (previous?.runId ?? 0) + 1;
  const path = runPath(context.dataDir, runId);
  const info: RunInfo = {
    runId,
    createdAt: formatUtc(now),
    firstJobId: previous ? previous.firstJobId + previous.jobCount : 1,
    jobCount: slices.length,
    salt: randomBytes(16).toString('hex'),
  };
  await rm(path, { recursive: true, force: true });
  await mkdir(join(path, 'logs'), { recursive: true });
  await writeFileAtomically(join(path, 'manifest.json'), context.manifest);
  const jobs = newJobs(context, info);
  const jobFile = context.open<JobDocument>({ file: join(path, 'jobs.db') });
  await jobFile.load();
  await jobFile.insert(jobs.map(toJobDocument));
  await jobFile.sync();
  const observationFile = context.open<ObservationDocument>({ file: join(path, 'observations.db') });
  await observationFile.load();
  await writeRunInfo(path, info);
  return { run: { path, info }, jobFile, observationFile, jobs, lost: [], observations: [] };
}

function newJobs({ slices }: StoreContext, { firstJobId, createdAt }: RunInfo): StoredJob[] {
  return slices.map((slice, index) => {
    const job = newJob(firstJobId + index, slice, createdAt);
    return { job, fence: job.revision, holder: null, lastUpdate: null };
  });
}
