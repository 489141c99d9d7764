import type { JobRow } from '../../../protocol/job-row.ts';
import { utcSeconds } from '../../../domain/time.ts';
import { isHeld } from '../../../domain/transition.ts';

/** Share of its blocks that a job has done, from 0 to 1. */
export function shareDone({ status, start_block_num, end_block_num, last_block_processed }: JobRow): number {
  if (status === 'COMPLETE' || status === 'HASH_MISMATCH') return 1;
  const all = end_block_num - start_block_num;
  const done = Math.min(Math.max(last_block_processed - start_block_num, 0), all);
  return all <= 0 ? 0 : done / all;
}

/** Seconds until a job ends at its present rate; null when that cannot be told. Needs no clock. */
export function secondsLeft(job: JobRow): number | null {
  const { status, start_block_num, end_block_num, last_block_processed, blocks_per_second: rate } = job;
  if (status !== 'WORKING' || rate === null || rate <= 0) return null;
  return Math.max(0, end_block_num - Math.max(last_block_processed, start_block_num)) / rate;
}

/**
 * How long the current or last attempt has taken, in seconds; null when there is none.
 * @param now seconds since 1970, for an attempt that goes on
 */
export function secondsTaken({ status, start_time, end_time }: JobRow, now: number): number | null {
  if (status === 'WAITING_4_WORKER') return null;
  const end = isHeld(status) ? now : end_time === null ? NaN : utcSeconds(end_time);
  const taken = end - utcSeconds(start_time);
  return Number.isNaN(taken) ? null : Math.max(0, taken);
}
