import { JOB_STATUSES, VERDICTS } from '../../../domain/job.ts';
import type { JobRow } from '../../../protocol/job-row.ts';
import { secondsLeft, secondsTaken, shareDone } from './figures.ts';

/** By what rows are compared; null comes last, whatever the direction. */
type Key = number | string | null;

export interface Column {
  name: string;
  /** For whom the name is too short. */
  longName?: string;
  key: (job: JobRow, now: number) => Key;
  /** What is wanted first of it is the most. */
  mostFirst?: boolean;
  isNumber?: boolean;
}

/** In the order of the table. The names of the keys stand in the address. */
export const COLUMNS = {
  slice: { name: 'Slice', key: (job) => job.replay_slice_id, isNumber: true },
  job: { name: 'Job', key: (job) => job.job_id, isNumber: true },
  blocks: { name: 'Blocks', key: (job) => job.start_block_num, isNumber: true },
  state: { name: 'State', key: ({ status }) => JOB_STATUSES.indexOf(status) },
  verdict: { name: 'Verdict', key: ({ verdict }) => (verdict === null ? null : VERDICTS.indexOf(verdict)) },
  progress: { name: 'Progress', key: shareDone, mostFirst: true },
  block: {
    name: 'Block',
    longName: 'Block it is at',
    key: ({ last_block_processed: block }) => (block === 0 ? null : block),
    mostFirst: true,
    isNumber: true,
  },
  rate: { name: 'Blocks/s', key: (job) => job.blocks_per_second, mostFirst: true, isNumber: true },
  left: { name: 'Left', longName: 'Time left', key: secondsLeft, mostFirst: true, isNumber: true },
  attempt: {
    name: 'Try',
    longName: 'Attempt',
    key: ({ attempt }) => (attempt === 0 ? null : attempt),
    mostFirst: true,
    isNumber: true,
  },
  host: { name: 'Host', key: (job) => job.worker_id },
  cause: { name: 'Cause', key: (job) => job.error_cause },
  taken: { name: 'Took', longName: 'Duration', key: secondsTaken, mostFirst: true, isNumber: true },
} as const satisfies Record<string, Column>;

export type ColumnId = keyof typeof COLUMNS;
export const COLUMN_IDS = Object.keys(COLUMNS) as ColumnId[];

export function columnOf(id: ColumnId): Column {
  return COLUMNS[id];
}

export interface Order {
  by: ColumnId;
  descending: boolean;
}

/** `rate` or `-rate`; by slice when it is neither. */
export function readOrder(query: URLSearchParams): Order {
  const text = query.get('sort') ?? '';
  const descending = text.startsWith('-');
  const name = descending ? text.slice(1) : text;
  return Object.hasOwn(COLUMNS, name)
    ? { by: name as ColumnId, descending }
    : { by: 'slice', descending: false };
}

/** As it stands in the address; null: the usual one. */
export function orderText({ by, descending }: Order): string | null {
  return by === 'slice' && !descending ? null : `${descending ? '-' : ''}${by}`;
}

/** What a click on the head of a column asks for. */
export function nextOrder({ by, descending }: Order, clicked: ColumnId): Order {
  if (by === clicked) return { by, descending: !descending };
  return { by: clicked, descending: columnOf(clicked).mostFirst === true };
}

/** Rows that are alike stay in the order of the slices. */
export function sortJobs(jobs: readonly JobRow[], { by, descending }: Order, now: number): JobRow[] {
  const { key } = columnOf(by);
  const sign = descending ? -1 : 1;
  return jobs
    .map((job) => ({ job, key: key(job, now) }))
    .toSorted((a, b) => {
      if (a.key === null || b.key === null) {
        if (a.key !== b.key) return a.key === null ? 1 : -1;
      } else if (a.key !== b.key) {
        return sign * compare(a.key, b.key);
      }
      return a.job.replay_slice_id - b.job.replay_slice_id || a.job.job_id - b.job.job_id;
    })
    .map(({ job }) => job);
}

/** Names of hosts as people order them: `replay-9` before `replay-10`. */
const names = new Intl.Collator('en', { numeric: true });

function compare(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : names.compare(String(a), String(b));
}
