import { formatCount } from '../format/count.ts';
import { formatDuration } from '../format/duration.ts';
import type { JobStatus, Verdict } from '../domain/job.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import type { Column } from './long-table.ts';
import { percentOf } from './model.ts';

/** A column of the status table, and what it is sorted by. */
export interface StatusColumn extends Column {
  cell(job: FullJobRecord): string;
  /** Smallest first, so what is looked for has to be small; null: not known, and always last. */
  order(job: FullJobRecord): number | string | null;
}

/** Problems first, then what is at work. */
const BY_STATUS: Record<JobStatus, number> = {
  HASH_MISMATCH: 0,
  ERROR: 1,
  TIMEOUT: 2,
  WORKING: 3,
  LOADING_SNAPSHOT: 4,
  STARTED: 5,
  WAITING_4_WORKER: 6,
  COMPLETE: 7,
};

const BY_VERDICT: Record<Verdict, number> = { MISMATCH: 0, UNVERIFIABLE: 1, PENDING: 2, VERIFIED: 3 };

const right = (name: string, cell: StatusColumn['cell'], order: StatusColumn['order']): StatusColumn => ({
  name,
  align: 'right',
  cell,
  order,
});

const text = (name: string, value: (job: FullJobRecord) => string | null): StatusColumn => ({
  name,
  align: 'left',
  cell: (job) => value(job) ?? '',
  order: (job) => value(job) || null,
});

/** All columns, in the order in which the table shows them unless others are chosen. */
const COLUMNS: readonly StatusColumn[] = [
  right(
    'job',
    (job) => String(job.job_id),
    (job) => job.job_id,
  ),
  right(
    'slice',
    (job) => String(job.replay_slice_id),
    (job) => job.replay_slice_id,
  ),
  right(
    'blocks',
    (job) => `${job.start_block_num}-${job.end_block_num}`,
    (job) => job.start_block_num - job.end_block_num,
  ),
  { ...text('status', (job) => job.status), order: (job) => BY_STATUS[job.status] },
  { ...text('verdict', (job) => job.verdict), order: (job) => job.verdict && BY_VERDICT[job.verdict] },
  right(
    'progress',
    (job) => `${progressOf(job).toFixed(1)} %`,
    (job) => -progressOf(job),
  ),
  right(
    'block',
    (job) => (job.last_block_processed === 0 ? '' : String(job.last_block_processed)),
    (job) => -job.last_block_processed || null,
  ),
  right('rate', rateOf, (job) => (job.blocks_per_second === null ? null : -job.blocks_per_second)),
  right(
    'left',
    (job) => leftOf(job, (ms) => formatDuration(ms)) ?? '',
    (job) => leftOf(job, (ms) => ms),
  ),
  right(
    'attempt',
    (job) => String(job.attempt),
    (job) => -job.attempt,
  ),
  text('host', (job) => job.worker_id),
  text('cause', causeOf),
  text('stage', (job) => job.stage),
  text('version', (job) => job.nodeos_version),
  text('started', (job) => (job.attempt === 0 ? null : `${job.start_time}Z`)),
  text('ended', (job) => job.end_time && `${job.end_time}Z`),
  text('expected', (job) => job.expected_integrity_hash),
  text('actual', (job) => job.actual_integrity_hash),
  text('snapshot', (job) => job.snapshot_path),
  text('message', (job) => job.error_message),
];

/** Every column that can be shown and sorted by. */
export const COLUMN_NAMES: readonly string[] = COLUMNS.map(({ name }) => name);

/** What the table shows unless columns are chosen. */
export const USUAL_COLUMNS: readonly string[] = COLUMN_NAMES.slice(0, COLUMN_NAMES.indexOf('cause') + 1);

/** @throws Error for a name that is not in COLUMN_NAMES: a defect of the caller */
export function columnOf(name: string): StatusColumn {
  const column = COLUMNS.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`no such column: ${name}`);
  return column;
}

/** Share of the slice's blocks that are done, in percent, rounded down to a tenth. */
export function progressOf(job: FullJobRecord): number {
  const blocks = job.end_block_num - job.start_block_num;
  return percentOf(blocks - blocksLeft(job), blocks);
}

function blocksLeft(job: FullJobRecord): number {
  const blocks = job.end_block_num - job.start_block_num;
  return blocks - Math.min(Math.max(job.last_block_processed - job.start_block_num, 0), blocks);
}

function rateOf({ blocks_per_second: rate }: FullJobRecord): string {
  return rate === null ? '' : `${formatCount(Math.round(rate))}/s`;
}

/** Milliseconds at the present rate, in some form; null while it cannot be told. */
function leftOf<T>(job: FullJobRecord, form: (ms: number) => T): T | null {
  const { status, blocks_per_second: rate } = job;
  if (status !== 'WORKING' || rate === null || rate <= 0) return null;
  return form((blocksLeft(job) / rate) * 1000);
}

/** A mismatch has no cause of its own: it is one. */
export function causeOf(job: FullJobRecord): string | null {
  return job.status === 'HASH_MISMATCH' ? 'hash-mismatch' : job.error_cause;
}
