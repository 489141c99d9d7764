/**
 * What became of a run.
 * - passed: every job is COMPLETE and none is contradicted, known exceptions aside.
 * - failed: at least one job ended in ERROR, TIMEOUT or HASH_MISMATCH, and is no known exception. It may
 *   still be running.
 * - unfinished: nothing failed so far, and something is still to be done or to be compared, or was lost
 *   of what is known of the run.
 */
export type RunOutcome = 'passed' | 'failed' | 'unfinished';

/** How many jobs of a run stand where. */
export interface JobCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly remaining: number;
}

/** @param excused failed jobs that are known exceptions */
export function outcomeOf({ total, succeeded, failed }: JobCounts, excused = 0): RunOutcome {
  if (failed > excused) return 'failed';
  return total > 0 && succeeded + failed === total ? 'passed' : 'unfinished';
}

export interface Standing {
  readonly runId: number;
  readonly outcome: RunOutcome;
  readonly jobs: JobCounts;
  /** Complete, and could be compared with nothing. */
  readonly unverifiable: number;
  /** Failed jobs that are known exceptions. */
  readonly excused?: number;
}

/** The result in one line. PASSED is said only when every slice was compared with something. */
export function headlineOf({ runId, outcome, jobs, unverifiable, excused = 0 }: Standing): string {
  const { total, failed, remaining } = jobs;
  const asKnown = excused === 0 ? '' : ` ${excused} failed as is known.`;
  switch (outcome) {
    case 'failed':
      return `Run ${runId}: FAILED. ${failed} of ${total} jobs failed${excused === 0 ? '' : ` (${excused} as is known)`}${remaining > 0 ? `, ${remaining} remain` : ''}.`;
    case 'unfinished':
      return `Run ${runId}: NOT FINISHED. ${remaining} of ${total} jobs remain.${asKnown}`;
    case 'passed':
      if (unverifiable > 0) {
        return `Run ${runId}: COMPLETE, NOT ALL VERIFIED. ${total - unverifiable - excused} of ${total} jobs verified; ${unverifiable} could not be compared with anything.${asKnown}`;
      }
      return excused === 0
        ? `Run ${runId}: PASSED. All ${total} jobs complete and verified.`
        : `Run ${runId}: PASSED, WITH KNOWN FAILURES. ${total - excused} of ${total} jobs complete and verified.${asKnown}`;
  }
}
