import type { FullJobRecord } from './full-record.ts';

/** What a table of many jobs shows of each: no hashes, and nothing of earlier attempts. */
export const JOB_COLUMNS = [
  'job_id',
  'replay_slice_id',
  'start_block_num',
  'end_block_num',
  'status',
  'verdict',
  'last_block_processed',
  'start_time',
  'end_time',
  'stage',
  'attempt',
  'worker_id',
  'error_cause',
  'error_message',
  'blocks_per_second',
  'eta',
  'retry_at',
  'nodeos_version',
] as const satisfies readonly (keyof FullJobRecord)[];

export type JobRow = Pick<FullJobRecord, (typeof JOB_COLUMNS)[number]>;

/** GET /jobs: the names once, and the values of each job in their order. */
export interface JobTable {
  columns: typeof JOB_COLUMNS;
  rows: unknown[][];
}

/** More of a message stands on the page of the job only. Characters. */
const LONGEST_MESSAGE = 500;

/** The values of one job, in the order of the columns. */
export function jobValues(job: JobRow): unknown[] {
  return JOB_COLUMNS.map((column) =>
    column === 'error_message' ? (job[column]?.slice(0, LONGEST_MESSAGE) ?? null) : job[column],
  );
}

/** The part of a full record that a table has. */
export function toJobRow(record: FullJobRecord): JobRow {
  return rowOf(JOB_COLUMNS, jobValues(record));
}

/** Columns that a newer orchestrator adds are passed over. */
export function rowOf(columns: readonly string[], values: readonly unknown[]): JobRow {
  return Object.fromEntries(columns.map((column, at) => [column, values[at]])) as unknown as JobRow;
}
