import { createHash } from 'node:crypto';
import type { Job } from '../domain/job.ts';
import { newJob } from '../domain/new-job.ts';
import type { Slice } from '../domain/slice.ts';
import { isHeld } from '../domain/transition.ts';

/** A job with what only the orchestrator needs to know of it. */
export interface StoredJob {
  readonly job: Job;
  /**
   * Revision of the last change that a caller made. Later revisions are the orchestrator's own (an
   * expected hash that arrived): they change the ETag, but do not take the job from its holder.
   */
  readonly fence: number;
  /** Who claimed the job: the worker's id, or the address of a caller that names none. */
  readonly holder: string | null;
  /** The last accepted update of a worker that names itself, to recognise it when it is sent again. */
  readonly lastUpdate: AcceptedUpdate | null;
  /**
   * Revisions between these two were never this job's, or were lost with a damaged file: nobody may hold
   * the job by one of them. Only where the two belong to the same holder.
   */
  readonly gap?: { readonly after: number; readonly before: number };
}

export interface AcceptedUpdate {
  readonly worker: string;
  /** The revision that the update was based on, and the one that it led to. */
  readonly from: number;
  readonly to: number;
  /** SHA-256 of the request's body. */
  readonly digest: string;
}

/** The job of a slice to which nothing has happened. `createdAt` as `YYYY-MM-DDTHH:MM:SS`, UTC. */
export function newStoredJob(jobId: number, slice: Slice, createdAt: string): StoredJob {
  const job = newJob(jobId, slice, createdAt);
  return { job, fence: job.revision, holder: null, lastUpdate: null };
}

/**
 * A version of a job as the ETag shows it, without quotes: 40 hex digits. The salt belongs to the
 * run, so that versions stay the same over restarts and differ between runs.
 */
export function versionTag(salt: string, jobId: number, revision: number): string {
  return createHash('sha256').update(`${salt}:${jobId}:${revision}`).digest('hex').slice(0, 40);
}

/**
 * The revision that a tag stands for when it is current, else null. While a job is held, the
 * orchestrator's own changes since the holder's last one do not make the holder's version stale.
 */
export function currentRevision(salt: string, stored: StoredJob, tag: string): number | null {
  const { job, fence, gap } = stored;
  const oldest = isHeld(job.status) ? Math.min(fence, job.revision) : job.revision;
  for (let revision = job.revision; revision >= oldest; revision -= 1) {
    if (versionTag(salt, job.jobId, revision) === tag) return revision;
    if (revision === gap?.before) revision = gap.after + 1;
  }
  return null;
}

/** Whether this update was accepted before, its answer was lost, and nobody has changed the job since. */
export function isRepeated(
  salt: string,
  stored: StoredJob,
  request: { worker: string | null; tag: string; digest: string },
): boolean {
  const last = stored.lastUpdate;
  return (
    last !== null &&
    last.worker === request.worker &&
    last.digest === request.digest &&
    last.to === stored.fence &&
    versionTag(salt, stored.job.jobId, last.from) === request.tag
  );
}
