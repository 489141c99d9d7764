import { formatDuration } from '../format/duration.ts';
import { formatSpan } from '../format/span.ts';
import type { AttemptRecord, FullJobRecord, LateResultRecord } from '../protocol/full-record.ts';
import type { SummaryRecord } from '../protocol/summary-record.ts';
import { noticesOf } from './notices.ts';
import { causeOf, progressOf } from './status-columns.ts';
import { harmless, oneLine } from './status-text.ts';
import { logsCommand } from './wording.ts';

/** The last log lines of one attempt. */
export interface SliceLog {
  attempt: number;
  lines: readonly string[];
}

export interface SliceView {
  job: FullJobRecord;
  /** For what the hashes of the run say of this slice. */
  summary: SummaryRecord;
  /** Of the newest attempt that left one; null: none did. */
  log: SliceLog | null;
}

/** How many of the last log lines are shown. */
const LOG_LINES = 20;

/** Everything that is known about one slice, for a person. Hashes are in full; nothing is cut off. */
export function renderSlice({ job, summary, log }: SliceView): string {
  const sections = [
    [
      `Slice ${job.replay_slice_id}: job ${job.job_id}, blocks ${job.start_block_num} to ${job.end_block_num}`,
    ],
    noticesOf({ standIn: summary.stand_in, damage: summary.damage ?? [] }),
    fields(standing(job)),
    fields(hashes(job)),
    fields(task(job)),
    ...job.attempts.map(attempt),
    findings(job, summary),
    logSection(job.job_id, summary.run_id, log),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

type Field = readonly [name: string, value: string | null];

/** Names in one column, values in another; what is not known is left out. */
function fields(pairs: readonly Field[]): string[] {
  return pairs.flatMap(([name, value]) => {
    if (value === null || value === '') return [];
    return harmless(value)
      .replaceAll('\n', `\n${' '.repeat(12)}`)
      .replace(/^/u, name.padEnd(12));
  });
}

function standing(job: FullJobRecord): Field[] {
  const most = job.max_attempts === null ? '' : ` of at most ${job.max_attempts}`;
  const avoided = job.avoided_workers.join(', ');
  return [
    ['status', job.status],
    ['verdict', job.verdict],
    ['cause', causeOf(job)],
    ['message', job.error_message],
    ['progress', `${progressOf(job).toFixed(1)} %${at(job)}`],
    ['stage', job.stage],
    ['attempt', job.attempt === 0 ? 'none yet' : `${job.attempt}${most}`],
    ['host', job.worker_id],
    ['instance', job.instance_id],
    ['lease', job.lease_expires_at && `until ${job.lease_expires_at}Z, ${job.lease_seconds} s at a time`],
    ['offered', job.retry_at && `not before ${job.retry_at}Z`],
    ['avoided', avoided && `${avoided} (others are offered it first)`],
    ['done about', job.eta && `${job.eta}Z`],
  ];
}

function at({ last_block_processed: block, blocks_per_second: rate }: FullJobRecord): string {
  const where = block === 0 ? '' : `, block ${block}`;
  return rate === null ? where : `${where}, ${Math.round(rate)} blocks/s`;
}

function hashes(job: FullJobRecord): Field[] {
  return [
    ['expected', job.expected_integrity_hash || 'not known'],
    ['actual', job.actual_integrity_hash ?? 'not known'],
    ['manifest', job.known_integrity_hash || 'knew none before the run'],
  ];
}

function task(job: FullJobRecord): Field[] {
  const version =
    job.leap_version === undefined ? `Spring ${job.spring_version}` : `Leap ${job.leap_version}`;
  return [
    [
      'version',
      `${version}${job.manifest_nodeos_version === null ? '' : `, nodeos ${job.manifest_nodeos_version}`}`,
    ],
    ['snapshot', job.snapshot_path],
    ['sha256', job.snapshot_sha256],
    ['blocks log', job.blocks_path],
    ['genesis', job.genesis_path],
    ['options', job.nodeos_options.join(' ')],
  ];
}

function attempt(made: AttemptRecord): string[] {
  const { number, outcome, worker_id: host } = made;
  const title = `Attempt ${number}: ${outcome ?? 'not over'}, ${oneLine(host ?? 'host not known')}`;
  const stages = Object.entries(made.stage_times).map(([stage, ms]) => `${stage} ${formatSpan(ms)}`);
  const shown = fields([
    ['time', timeOf(made)],
    ['instance', made.instance_id],
    ['nodeos', made.nodeos_version],
    ['stages', stages.join(', ')],
    ['last block', made.last_block_processed === 0 ? null : String(made.last_block_processed)],
    ['hash', made.actual_integrity_hash],
    ['cause', made.error_cause],
    ['message', made.error_message],
    ...made.late_results.map((late): Field => ['came late', lateResult(late)]),
  ]);
  return [title, ...shown.map((line) => line.replaceAll(/^/gmu, '  '))];
}

function timeOf({ start_time: start, end_time: end }: AttemptRecord): string {
  if (end === null) return `since ${start}Z`;
  return `${start}Z to ${end}Z, ${formatDuration(Date.parse(`${end}Z`) - Date.parse(`${start}Z`))}`;
}

function lateResult(late: LateResultRecord): string {
  const what = [late.status, late.actual_integrity_hash, late.error_cause, late.error_message];
  return `${late.at}Z: ${what.filter((part) => part !== null).join(', ')}`;
}

/** What the hashes of the run say of the two ends of this slice. */
function findings(job: FullJobRecord, { hash_conflicts, suspect_snapshots }: SummaryRecord): string[] {
  const slice = job.replay_slice_id;
  const suspects = suspect_snapshots
    .filter((suspect) => suspect.ending_configid === slice || suspect.starting_configid === slice)
    .map(
      (suspect) =>
        `Suspect snapshot at block ${suspect.block}: ${suspect.snapshot_path}\n  ${suspect.reason}`,
    );
  const conflicts = hash_conflicts
    .filter((conflict) => conflict.configid === slice)
    .map((conflict) =>
      [
        `Hash conflict at block ${conflict.block}`,
        `  replayed to   ${conflict.actual ?? 'not known'}`,
        `  snapshot gave ${conflict.snapshot ?? 'not known'}`,
        `  manifest knew ${conflict.known ?? 'not known'}`,
      ].join('\n'),
    );
  return [...suspects, ...conflicts];
}

function logSection(jobId: number, runId: number, log: SliceLog | null): string[] {
  if (log === null) return [];
  const { lines } = log;
  const shown = lines.slice(-LOG_LINES);
  const whole =
    shown.length < lines.length
      ? ` (${shown.length} of ${lines.length}; all: ${logsCommand(jobId, log.attempt, runId)})`
      : '';
  return [`Last log lines of attempt ${log.attempt}${whole}`, ...shown.map((line) => `  ${harmless(line)}`)];
}
