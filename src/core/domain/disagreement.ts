import type { Attempt, Job } from './job.ts';
import { contradict } from './version.ts';

/** What one attempt at a job arrived at. */
export interface AttemptHash {
  readonly attempt: number;
  readonly workerId: string | null;
  /** 64 lower-case hex digits. */
  readonly hash: string;
  /** It came when the job had been taken from that worker already. */
  readonly late: boolean;
}

/**
 * The results of a job's attempts when they are not all the same, else nothing. The same build that
 * arrives at two states for one slice is not deterministic, or one of the hosts is broken: whatever the
 * verdict is, somebody has to know. Attempts with builds of different versions do not disagree.
 */
export function disagreeingAttempts(job: Job): readonly AttemptHash[] {
  const results = job.attempts.flatMap(resultsOf);
  const disagree = results.some((one) =>
    results.some((other) => one.hash !== other.hash && !contradict(one.version, other.version)),
  );
  return disagree ? results.map(({ version: _version, ...result }) => result) : [];
}

function resultsOf({ number, workerId, outcome, actualHash, nodeosVersion, lateResults = [] }: Attempt) {
  const made = { attempt: number, workerId, version: nodeosVersion };
  const own =
    outcome === 'COMPLETE' && actualHash !== null ? [{ ...made, hash: actualHash, late: false }] : [];
  const late = lateResults.flatMap(({ status, hash }) =>
    status === 'COMPLETE' && hash !== null ? [{ ...made, hash, late: true }] : [],
  );
  return [...own, ...late];
}
