import { hasFailed, isHeld } from '../../domain/transition.ts';
import type { FullJobRecord } from '../../protocol/full-record.ts';

/**
 * The jobs that stay in sight where there is room for so many rows only: failed ones first, then those at
 * work, those that wait for another attempt, those that wait for their first, and last those that are done,
 * the newest first. When there is room for all, they keep the order in which they are given.
 *
 * @param isSorted the order was asked for: only failed jobs are put before it.
 */
export function jobsInSight(
  jobs: readonly FullJobRecord[],
  rows: number,
  isSorted: boolean,
): readonly FullJobRecord[] {
  if (jobs.length <= rows) return jobs;
  const ranks = new Map<number, FullJobRecord[]>();
  for (const job of jobs) {
    const rank = isSorted ? Number(!hasFailed(job)) : rankOf(job);
    const ranked = ranks.get(rank);
    if (ranked) ranked.push(job);
    else ranks.set(rank, [job]);
  }
  const ended = ranks.get(ENDED);
  if (ended) ranks.set(ENDED, ended.toSorted(byEnd));
  return [...ranks.keys()]
    .toSorted((one, other) => one - other)
    .flatMap((rank) => ranks.get(rank) ?? [])
    .slice(0, Math.max(rows, 0));
}

const ENDED = 4;

function rankOf(job: FullJobRecord): number {
  if (hasFailed(job)) return 0;
  if (isHeld(job.status)) return 1;
  if (job.status === 'WAITING_4_WORKER') return job.attempt > 0 ? 2 : 3;
  return ENDED;
}

/** The last one first. */
function byEnd(one: FullJobRecord, other: FullJobRecord): number {
  const [a, b] = [one.end_time ?? '', other.end_time ?? ''];
  return a < b ? 1 : a > b ? -1 : 0;
}
