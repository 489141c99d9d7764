import type { JobStatus } from '../../domain/job.ts';
import { isHeld } from '../../domain/transition.ts';

export interface RunRequest {
  /** The job's status before. */
  before: JobStatus;
  /** The status that is asked for. */
  wanted: JobStatus;
  /** Who holds the job; null when nobody does. */
  holder: string | null;
  /** Who asks. */
  caller: string;
}

/**
 * Whether an update is a person's decision and not a worker's report: it puts a job back that is
 * finished or has failed, or one that somebody else holds. That needs the right admin.
 */
export function asksForAnotherRun({ before, wanted, holder, caller }: RunRequest): boolean {
  if (wanted !== 'WAITING_4_WORKER' || before === 'WAITING_4_WORKER') return false;
  return !isHeld(before) || holder !== caller;
}

/**
 * Whether an update comes from a caller without a name and is about a job that a named worker holds: a
 * person's decision, too. Older clients have no names, and neither have the holders of their jobs.
 */
export function speaksForNamedHolder(
  before: JobStatus,
  namedHolder: string | null,
  workerId: string | null,
): boolean {
  return isHeld(before) && namedHolder !== null && workerId === null;
}
