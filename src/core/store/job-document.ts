import type { Job } from '../domain/job.ts';
import type { Slice } from '../domain/slice.ts';
import type { Document } from './collection.ts';
import type { StoredJob } from './stored-job.ts';

/**
 * A job as it is on disk. Its slice never changes and stands in the run's `slices.json`, and a job to
 * which nothing has happened yet has no document: a run begins without writing any.
 */
export type JobDocument = Document & Omit<StoredJob, 'job'> & { job: Omit<Job, 'slice'> };

export function toJobDocument({ job, ...rest }: StoredJob): JobDocument {
  const { slice: _slice, ...changing } = job;
  return { _id: String(job.jobId), job: changing, ...rest };
}

export function fromJobDocument({ _id, job, ...rest }: JobDocument, slice: Slice): StoredJob {
  return { job: { ...job, slice }, ...rest };
}

/** Every change raises the revision, so the first one says that there was none. */
export function hasDocument({ job }: StoredJob): boolean {
  return job.revision > 1;
}
