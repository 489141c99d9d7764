import type { Attempt, Job } from './job.ts';

/** One attempt of a host, with the job it was for. */
export interface HostAttempt {
  readonly jobId: number;
  readonly sliceId: number;
  readonly attempt: Attempt;
}

/** What a host did in the run. */
export interface HostHistory {
  /** Attempts that came to the end of their slice, whatever the hash. */
  readonly complete: number;
  /** Those that ended in an error, or were lost. */
  readonly failed: number;
  /** The newest first, the current one included; only so many as were asked for. */
  readonly newest: readonly HostAttempt[];
}

export const NO_HISTORY: HostHistory = { complete: 0, failed: 0, newest: [] };

/** By worker. @param most attempts of each that are kept */
export function hostHistories(jobs: Iterable<Job>, most: number): ReadonlyMap<string, HostHistory> {
  const byWorker = new Map<string, HostAttempt[]>();
  for (const { jobId, slice, attempts } of jobs) {
    for (const attempt of attempts) {
      if (attempt.workerId === null) continue;
      const made = byWorker.get(attempt.workerId) ?? [];
      made.push({ jobId, sliceId: slice.sliceId, attempt });
      byWorker.set(attempt.workerId, made);
    }
  }
  return new Map(Array.from(byWorker, ([workerId, made]) => [workerId, historyOf(made, most)]));
}

function historyOf(made: readonly HostAttempt[], most: number): HostHistory {
  const outcomes = made.map(({ attempt: { outcome } }) => outcome);
  return {
    complete: outcomes.filter((outcome) => outcome === 'COMPLETE').length,
    failed: outcomes.filter((outcome) => outcome === 'ERROR' || outcome === 'TIMEOUT').length,
    newest: made.toSorted(byClaim).slice(0, most),
  };
}

/** Attempts of runs that an older version began have no number, and were made before all others. */
function byClaim(one: HostAttempt, other: HostAttempt): number {
  const [a, b] = [one.attempt, other.attempt];
  const later = (b.claimNumber ?? 0) - (a.claimNumber ?? 0);
  if (later !== 0) return later;
  return a.startTime === b.startTime ? 0 : a.startTime < b.startTime ? 1 : -1;
}
