import type { JobStatus } from '../domain/job.ts';
import type { FullJobRecord, JobUpdate } from '../protocol/full-record.ts';

/** The attempt that we believe is ours. */
export interface OwnAttempt {
  jobId: number;
  /** From 1. */
  attempt: number;
  workerId: string;
  /** Two orchestrators may use the same job number for different work. */
  startBlock: number;
  endBlock: number;
}

const HELD: ReadonlySet<JobStatus> = new Set(['STARTED', 'LOADING_SNAPSHOT', 'WORKING']);

const OUTCOMES: Partial<Record<JobStatus, string>> = {
  COMPLETE: 'COMPLETE',
  ERROR: 'ERROR',
  WAITING_4_WORKER: 'RETURNED',
};

/**
 * Our version of the job was refused; this is the job as it stands. Either the answer to our own
 * last message was lost, or the job has gone to someone else:
 * - accepted: what we sent has been done.
 * - ours: the attempt still runs under our name; send again with the fresh version.
 * - lost: somebody has taken, ended or put back the job. It must not be reported on any more.
 */
export function judgeFreshJob(
  job: FullJobRecord,
  own: OwnAttempt,
  lastStatus: JobStatus | null,
  sent: JobUpdate,
): 'accepted' | 'ours' | 'lost' {
  if (job.start_block_num !== own.startBlock || job.end_block_num !== own.endBlock) return 'lost';
  const attempt = job.attempts.find(({ number }) => number === own.attempt);
  if (attempt === undefined || attempt.worker_id !== own.workerId) return 'lost';
  if (attempt.outcome !== null) return isOutcomeOf(attempt.outcome, sent) ? 'accepted' : 'lost';
  if (job.attempt !== own.attempt || job.worker_id !== own.workerId || !HELD.has(job.status)) return 'lost';
  const known = lastStatus === null || job.status === lastStatus || job.status === sent.status;
  return known ? 'ours' : 'lost';
}

function isOutcomeOf(outcome: string, sent: JobUpdate): boolean {
  return OUTCOMES[sent.status] === outcome;
}
