import type { Job } from '../../domain/job.ts';
import type { FullJobRecord } from '../../protocol/full-record.ts';
import { toJobRecord } from '../../protocol/record.ts';
import { cell, escapeHtml, page, row, table } from './html.ts';

const COLUMNS = [
  'job_id',
  'replay_slice_id',
  'start_block_num',
  'end_block_num',
  'status',
  'verdict',
  'last_block_processed',
  'start_time',
  'end_time',
  'expected_integrity_hash',
  'actual_integrity_hash',
] as const;

/** All jobs as a table. */
export function statusPage(jobs: readonly Job[]): string {
  const rows = jobs.map((job) => {
    const values: Record<string, unknown> = { ...toJobRecord(job), verdict: job.verdict };
    const [, ...others] = COLUMNS.map((column) => cell(values[column]));
    return row([`<a href="/job?jobid=${job.jobId}">${job.jobId}</a>`, ...others]);
  });
  return page('Status', table([row([...COLUMNS], 'th'), ...rows]));
}

export function jobPage(record: FullJobRecord): string {
  return recordPage(`Job ${record.job_id}`, record);
}

/** Any record as a table of names and values. */
export function recordPage(title: string, record: object): string {
  const rows = Object.entries(record).map(([key, value]) => row([escapeHtml(key), cell(value)]));
  return page(title, table(rows));
}
