import type { JobStatus, Verdict } from '../domain/job.ts';
import { formatBar } from '../format/bar.ts';
import { formatCount } from '../format/count.ts';
import { formatDuration } from '../format/duration.ts';
import { formatBlockRate } from '../format/rate.ts';
import type {
  PausedRecord,
  SetAsideHostRecord,
  SummaryRecord,
  TimeLeftRecord,
} from '../protocol/summary-record.ts';
import { costText } from './cost-wording.ts';
import { percentOf } from './model.ts';
import { noticesOf } from './notices.ts';
import { oneLine } from './status-text.ts';
import { count } from './wording.ts';

const STATUS_WORDS: Record<JobStatus, string> = {
  COMPLETE: 'complete',
  WORKING: 'working',
  LOADING_SNAPSHOT: 'loading',
  STARTED: 'started',
  WAITING_4_WORKER: 'waiting',
  HASH_MISMATCH: 'mismatched',
  ERROR: 'in error',
  TIMEOUT: 'timed out',
};

const VERDICT_WORDS: Record<Verdict, string> = {
  VERIFIED: 'verified',
  PENDING: 'pending',
  UNVERIFIABLE: 'not verifiable',
  MISMATCH: 'mismatched',
};

/**
 * The run at a glance, above the table: a few lines. In a window they are broken between their parts.
 *
 * @param width characters of a line; null: no limit.
 */
export function renderGlance(summary: SummaryRecord, width: number | null = null): string {
  const lines = [
    blocksParts(summary, width),
    jobsParts(summary),
    verdictParts(summary),
    hostParts(summary),
    timeParts(summary),
    costParts(summary),
    problemParts(summary),
  ];
  const notices = [
    ...(summary.paused ? [pausedLine(summary.paused)] : []),
    ...summary.hosts_set_aside.map(setAsideLine),
    ...noticesOf({ standIn: summary.stand_in, damage: summary.damage ?? [] }),
  ];
  const parts = [...lines.filter((line) => line.length > 0), ...notices.map((notice) => notice.split(' '))];
  return parts.map((line) => wrap(line, width)).join('\n');
}

function blocksParts(summary: SummaryRecord, width: number | null): string[] {
  const { run_id, blocks_processed: done, total_blocks: total } = summary;
  const bar = formatBar(done / total, width !== null && width < 80 ? 10 : 24);
  return [`Run ${run_id}: ${bar} ${percentOf(done, total).toFixed(1)} %`, `of ${formatCount(total)} blocks`];
}

function jobsParts({ total_jobs, statuses }: SummaryRecord): string[] {
  return listed(`${count(total_jobs, 'job')}:`, counted(statuses, STATUS_WORDS));
}

function verdictParts({ verdicts }: SummaryRecord): string[] {
  return listed('Verdicts:', counted(verdicts, VERDICT_WORDS));
}

function hostParts(summary: SummaryRecord): string[] {
  const { host_count, hosts_idle, blocks_per_second: rate, blocks_per_second_average: average } = summary;
  const now = rate === null ? [] : [`${formatBlockRate(rate)} now`];
  const ever = average === null ? [] : [`${formatBlockRate(average)} on average`];
  const idle = hosts_idle > 0 ? [`${hosts_idle} idle`] : [];
  return listed('', [`${count(host_count, 'host')} at work`, ...idle, ...now, ...ever]);
}

function costParts({ cost }: SummaryRecord): string[] {
  return cost ? [`Cost so far: ${costText(cost)}`] : [];
}

function timeParts({ time_left, eta }: SummaryRecord): string[] {
  const end = eta === null ? [] : [`done about ${eta}Z`];
  if (!time_left) return end;
  const left = timeLeftParts(time_left);
  const last = `${left.pop()}${end.length > 0 ? ',' : ''}`;
  const [first = '', ...rest] = [...left, last, ...end];
  return [`Time left: ${first}`, ...rest];
}

/** `about 3 h 10 min (2 h 40 min to 4 h 05 min)`, to be broken before the bracket. */
function timeLeftParts(left: TimeLeftRecord): string[] {
  const [low, likely, high] = [left.low_seconds, left.likely_seconds, left.high_seconds].map((seconds) =>
    formatDuration(seconds * 1000),
  );
  return low === high ? [`about ${likely}`] : [`about ${likely}`, `(${low} to ${high})`];
}

/** The time left in a few words, for a line of its own; null when it is not known. */
export function timeLeftText({ time_left }: SummaryRecord): string | null {
  return time_left ? timeLeftParts(time_left).join(' ') : null;
}

function problemParts(summary: SummaryRecord): string[] {
  const { jobs_failed, hosts_set_aside, hash_conflicts, suspect_snapshots } = summary;
  const problems: [number, string, string][] = [
    [jobs_failed, 'job failed', 'jobs failed'],
    [hosts_set_aside.length, 'host set aside', 'hosts set aside'],
    [hash_conflicts.length, 'hash conflict', 'hash conflicts'],
    [suspect_snapshots.length, 'suspect snapshot', 'suspect snapshots'],
  ];
  const found = problems.filter(([number]) => number > 0);
  return listed(
    'Problems:',
    found.map(([number, one, many]) => `${formatCount(number)} ${number === 1 ? one : many}`),
  );
}

function counted<Name extends string>(
  counts: Readonly<Record<Name, number>>,
  words: Readonly<Record<Name, string>>,
): string[] {
  const names = Object.keys(words) as Name[];
  return names
    .filter((name) => counts[name] > 0)
    .map((name) => `${formatCount(counts[name])} ${words[name]}`);
}

/** Parts with their commas, the first of them behind the title; nothing when there is nothing to list. */
function listed(title: string, items: readonly string[]): string[] {
  return items.map((item, at) => {
    const text = at < items.length - 1 ? `${item},` : item;
    return at === 0 && title !== '' ? `${title} ${text}` : text;
  });
}

/** As many parts on a line as there is room for; what follows is set in. */
function wrap(parts: readonly string[], width: number | null): string {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const fits = last !== undefined && (width === null || last.length + 1 + part.length <= width);
    if (fits) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(last === undefined ? part : `  ${part}`);
  }
  return lines.join('\n');
}

function pausedLine({ since, by, reason }: PausedRecord): string {
  const who = by === null ? '' : ` by ${oneLine(by)}`;
  const why = reason === null ? '' : ` (${oneLine(reason)})`;
  return `PAUSED since ${since}Z${who}${why}: no job is handed out until replay runs resume`;
}

function setAsideLine({ worker_id, since, failures }: SetAsideHostRecord): string {
  const causes = failures.map(({ error_cause }) => error_cause).join(', ');
  return `Host ${oneLine(worker_id)} is set aside since ${since}Z and gets no more jobs: its last ${failures.length} attempts failed (${causes})`;
}
