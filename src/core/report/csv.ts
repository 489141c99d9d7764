import { STAGES } from '../domain/job.ts';
import { csvRow, type Cell } from './csv-field.ts';
import type { ReportModel } from './model.ts';
import type { ReportedJob } from './reported-job.ts';

/** In the order in which they stand; columns are added at the end and never renamed (docs/report.md). */
const COLUMNS: readonly [name: string, cell: (slice: ReportedJob, report: ReportModel) => Cell][] = [
  ['configuration_slice', ({ sliceId }) => sliceId],
  ['job_id', ({ jobId }) => jobId],
  ['start_block', ({ startBlock }) => startBlock],
  ['end_block', ({ endBlock }) => endBlock],
  ['status', ({ status }) => status],
  ['verdict', ({ verdict }) => verdict],
  ['expected_integrity_hash', ({ expectedHash }) => expectedHash],
  ['actual_integrity_hash', ({ actualHash }) => actualHash],
  ['requested_version', ({ requestedVersion }) => requestedVersion],
  ['nodeos_version', ({ nodeosVersion }) => nodeosVersion],
  ['worker_id', ({ workerId }) => workerId],
  ['attempt', ({ attempt }) => attempt],
  ['start_time', ({ startTime }) => startTime],
  ['end_time', ({ endTime }) => endTime],
  ['duration_ms', ({ durationMs }) => durationMs],
  ...STAGES.map((stage): [string, (slice: ReportedJob) => Cell] => [
    `${stage}_ms`,
    ({ stageTimes }) => stageTimes[stage] ?? null,
  ]),
  ['error_cause', ({ cause }) => cause],
  ['error_message', ({ message }) => message],
  ['log_folder', ({ log }) => log?.folder ?? null],
  ['stand_in', (_, { standIn }) => String(standIn)],
  ['known_reason', knownReason],
];

/** Why the failure of the slice does not count; null when it does, or there is none. */
function knownReason({ jobId }: ReportedJob, { known }: ReportModel): string | null {
  return known.find(({ state, job }) => state === 'fails' && job?.jobId === jobId)?.exception.reason ?? null;
}

/** One row a slice after a row of names (RFC 4180: CRLF, quotes doubled, UTF-8 without a mark). */
export function renderCsv(report: ReportModel): string {
  const rows = report.slices.map((slice) => COLUMNS.map(([, cell]) => cell(slice, report)));
  return [COLUMNS.map(([name]) => name), ...rows].map(csvRow).join('');
}
