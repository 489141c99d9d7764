import type { Job } from './job.ts';
import type { Slice } from './slice.ts';

/** The job of a slice before anything has happened to it. `now` as `YYYY-MM-DDTHH:MM:SS`, UTC. */
export function newJob(jobId: number, slice: Slice, now: string): Job {
  return {
    jobId,
    slice,
    status: 'WAITING_4_WORKER',
    revision: 1,
    lastBlockProcessed: 0,
    startTime: now,
    endTime: null,
    expectedHash: slice.knownHash,
    actualHash: null,
    verdict: null,
    workerId: null,
    instanceId: null,
    stage: null,
    errorCause: null,
    errorMessage: null,
    blocksPerSecond: null,
    nodeosVersion: null,
    attempts: [],
  };
}
