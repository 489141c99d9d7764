import type { Job } from '../../domain/job.ts';
import type { FullJobRecord } from '../../protocol/full-record.ts';
import { toJobRecord } from '../../protocol/record.ts';
import { inParts } from '../http/parts.ts';
import { TABLE, cell, escapeHtml, page, pageAround, row, table } from './html.ts';

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

/** All jobs as a table, in parts. */
export function statusPage(jobs: readonly Job[]): string | Iterable<string> {
  const { before, after } = pageAround('Status');
  const header = row([...COLUMNS], 'th') + TABLE.between;
  const frame = { ...TABLE, before: before + TABLE.before + header, after: TABLE.after + after };
  return inParts(jobs, frame, jobRow);
}

function jobRow(job: Job): string {
  const values: Record<string, unknown> = { ...toJobRecord(job), verdict: job.verdict };
  const [, ...others] = COLUMNS.map((column) => cell(values[column]));
  return row([`<a href="/job?jobid=${job.jobId}">${job.jobId}</a>`, ...others]);
}

export function jobPage(record: FullJobRecord): string {
  return recordPage(`Job ${record.job_id}`, record);
}

/** Any record as a table of names and values. */
export function recordPage(title: string, record: object): string {
  const rows = Object.entries(record).map(([key, value]) => row([escapeHtml(key), cell(value)]));
  return page(title, table(rows));
}
