import { withGaps, type History, type HistoryPoint } from '../domain/history.ts';

/**
 * GET /history: the course of the run in columns of one length. Where nothing was recorded for a while there
 * is one null in every column but `times`.
 */
export interface HistoryRecord {
  run_id: number;
  /** Every value stands for so many seconds, up to its time. */
  interval_seconds: number;
  /** Seconds since 1970, increasing. */
  times: number[];
  blocks_processed: (number | null)[];
  /** The mean of all hosts together, and the most. */
  blocks_per_second: (number | null)[];
  blocks_per_second_max: (number | null)[];
  /** Jobs that are COMPLETE; jobs in ERROR, TIMEOUT and HASH_MISMATCH; jobs that hosts hold. */
  jobs_done: (number | null)[];
  jobs_failed: (number | null)[];
  jobs_held: (number | null)[];
  /** Hosts at work, the mean. */
  hosts: (number | null)[];
  /** What the hosts had cost; null also where that is not known. */
  cost_usd: (number | null)[];
}

export function toHistoryRecord(
  history: Pick<History, 'points' | 'intervalSeconds'>,
  runId: number,
): HistoryRecord {
  const rows = withGaps(history);
  const column = (value: (point: HistoryPoint) => number | null): (number | null)[] =>
    rows.map((point) => (point === null ? null : value(point)));
  return {
    run_id: runId,
    interval_seconds: history.intervalSeconds,
    times: rows.map((point, at) => point?.time ?? (rows[at - 1]?.time ?? 0) + history.intervalSeconds),
    blocks_processed: column((point) => point.blocksProcessed),
    blocks_per_second: column((point) => hundredths(point.blocksPerSecond)),
    blocks_per_second_max: column((point) => hundredths(point.blocksPerSecondMax)),
    jobs_done: column((point) => point.jobsDone),
    jobs_failed: column((point) => point.jobsFailed),
    jobs_held: column((point) => point.jobsHeld),
    hosts: column((point) => hundredths(point.hosts)),
    cost_usd: column((point) => point.costUsd),
  };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
