import { hasFailed, isHeld } from '../domain/transition.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { columnOf } from './status-columns.ts';

/** Which jobs are looked at, and in what order. */
export interface JobChoice {
  /** ERROR, TIMEOUT and HASH_MISMATCH. With `running` too: both. */
  failed: boolean;
  /** Those that a host is at work on. */
  running: boolean;
  /** A column of status-columns.ts; null: in the order of the manifest. */
  sort: string | null;
  reverse: boolean;
}

/** The jobs that were chosen; equal ones stay in the order of the manifest. What is not known comes last. */
export function chooseJobs(jobs: readonly FullJobRecord[], choice: JobChoice): FullJobRecord[] {
  const { failed, running, sort, reverse } = choice;
  const chosen = jobs.filter(
    (job) => (!failed && !running) || (failed && hasFailed(job)) || (running && isHeld(job.status)),
  );
  if (sort === null) return reverse ? chosen.toReversed() : chosen;
  const column = columnOf(sort);
  return chosen
    .map((job) => ({ job, key: column.order(job) }))
    .toSorted((one, other) => compare(one.key, other.key, reverse ? -1 : 1))
    .map(({ job }) => job);
}

type Key = number | string | null;

function compare(one: Key, other: Key, direction: 1 | -1): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return one < other ? -direction : one > other ? direction : 0;
}
