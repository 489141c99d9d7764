import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newJob } from '../domain/new-job.ts';
import { formatUtc } from '../domain/time.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { toJobDocument, type JobDocument } from './job-store.ts';
import type { StoreContext } from './open-store.ts';
import { runPath, writeRunInfo, type RunFolder, type RunInfo } from './run-folder.ts';

/** Begins a run: its folder with a job for each slice. It exists once `run.json` is written, which is last. */
export async function createRun(context: StoreContext, previous: RunInfo | null): Promise<RunFolder> {
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
  await writeJobs(context, path, info);
  await writeRunInfo(path, info);
  return { path, info };
}

async function writeJobs(context: StoreContext, path: string, info: RunInfo): Promise<void> {
  const file = context.open<JobDocument>({ file: join(path, 'jobs.db') });
  await file.load();
  const documents = context.slices.map((slice, index) => {
    const job = newJob(info.firstJobId + index, slice, info.createdAt);
    return toJobDocument({ job, fence: job.revision, holder: null, lastUpdate: null });
  });
  await file.insert(documents);
  await file.sync();
}
