import type { ReportModel } from './model.ts';
import { costText } from './cost-wording.ts';
import { headlineOf } from '../domain/outcome.ts';
import { formatCount } from '../format/count.ts';
import { formatSpan } from '../format/span.ts';
import type { KnownFinding } from './known.ts';
import type { Distribution } from './distribution.ts';
import type { ReportedJob, ReportedStanding } from './reported-job.ts';

/** The result in one line. PASSED is said only when every slice was compared with something. */
export function headline(report: ReportModel): string {
  const { runId, outcome, jobs, verdicts } = report;
  const excused = knownFailures(report).length;
  if (report.damage.length > 0 && outcome === 'unfinished') {
    return `Run ${runId}: DAMAGED, NOTHING PROVEN. What is left of it shows no failure; ${jobs.remaining} of ${jobs.total} jobs remain.`;
  }
  return headlineOf({ runId, outcome, jobs, unverifiable: verdicts.UNVERIFIABLE, excused });
}

/** The failures that count against nobody, each once however many exceptions are about it. */
export function knownFailures({ known }: ReportModel): ReportedJob[] {
  return [...new Set(known.flatMap(({ state, job }) => (state === 'fails' && job ? job : [])))];
}

/** What is to be said of a known exception, in one line. */
export function knownLine({ exception, state, job }: KnownFinding): string {
  const { about, reason, expires } = exception;
  const listed =
    'slice' in about ? `slice ${about.slice}` : `blocks ${about.blocks.start}-${about.blocks.end}`;
  const name = job === null ? listed : `slice ${job.sliceId}`;
  const why = `(${reason})`;
  switch (state) {
    case 'fails':
      return `${name}: ${job?.status}, as is known until ${expires} ${why}`;
    case 'expired':
      return `${name}: ${job?.status}, and counts, because the exception expired after ${expires} ${why}`;
    case 'passes':
      return `${name}: does not fail any more; the exception can go ${why}`;
    case 'open':
      return `${name}: not finished; a failure is known until ${expires} ${why}`;
    case 'no-slice':
      return `${name}: the run has no such slice ${why}`;
  }
}

/** The figures of the run: what is counted, and how it stands. */
export function figures(report: ReportModel): [name: string, value: string][] {
  const { blocks, jobs, verdicts } = report;
  return [
    [
      'Blocks processed',
      `${formatCount(blocks.processed)} of ${formatCount(blocks.total)} (${blocks.percent.toFixed(1)} %)`,
    ],
    ['Jobs succeeded', String(jobs.succeeded)],
    ['Jobs failed', String(jobs.failed)],
    ['Jobs remaining', String(jobs.remaining)],
    [
      'Verdicts',
      `${verdicts.VERIFIED} verified, ${verdicts.MISMATCH} mismatched, ${verdicts.PENDING} pending, ${verdicts.UNVERIFIABLE} not verifiable`,
    ],
    ['nodeos', versions(report)],
    ...(report.began === null ? [] : [['Began', `${report.began}Z`] as [string, string]]),
    ...(report.ended === null ? [] : [['Ended', `${report.ended}Z`] as [string, string]]),
    ...(report.cost === null ? [] : [['Cost so far', costText(report.cost)] as [string, string]]),
  ];
}

function versions({ versions }: ReportModel): string {
  if (versions.length === 0) return 'no version reported yet';
  if (versions.length === 1) return versions[0]!.nodeosVersion;
  return versions
    .map(
      ({ nodeosVersion, finishedSlices }) => `${nodeosVersion} (${count(finishedSlices, 'slice')} finished)`,
    )
    .join(', ');
}

export const STATISTICS = ['mean', 'median', 'p75', 'p90', 'longest', 'std dev'] as const;

/** A row of the timing table: its name, how many values, and the statistics in the order of STATISTICS. */
export interface TimingRow {
  name: string;
  count: number;
  values: string[];
}

export function timingRows({ timing }: ReportModel): TimingRow[] {
  const rows: [string, Distribution | null][] = [
    ['whole slice', timing.slices],
    ['per million blocks', timing.perMillionBlocks],
    ...Object.entries(timing.stages).map(([stage, times]): [string, Distribution] => [
      `stage ${stage}`,
      times,
    ]),
  ];
  return rows.flatMap(([name, times]) =>
    times === null ? [] : [{ name, count: times.count, values: statistics(times) }],
  );
}

function statistics(times: Distribution): string[] {
  const { mean, median, p75, p90, longest, standardDeviation } = times;
  return [mean, median, p75, p90, longest, standardDeviation].map(formatSpan);
}

export function blockRange({ startBlock, endBlock }: ReportedJob): string {
  return `${startBlock} to ${endBlock}`;
}

/** Where to look for more than the message says. */
export function logPlace({ log, jobId, attempt, workerId }: ReportedJob): string | null {
  if (log === null) return null;
  const folder = `${log.folder} in the data directory of ${workerId ?? 'its worker'}`;
  // The orchestrator has the last lines of what failed only.
  return log.path === null ? folder : `${logsCommand(jobId, attempt, log.runId)}; all of it: ${folder}`;
}

/** Another run may have begun by the time that somebody follows it. */
export function logsCommand(jobId: number, attempt: number, runId: number): string {
  return `replay jobs logs ${jobId} --attempt ${attempt} --run ${runId}`;
}

export const STANDING_NAMES: Record<ReportedStanding, string> = {
  mismatch: 'hash mismatch',
  failed: 'failed',
  unverifiable: 'not verifiable',
  pending: 'waiting for the next hash',
  running: 'running',
  waiting: 'not begun',
  verified: 'verified',
};

export const UNVERIFIABLE_TITLE =
  'Not verifiable (no hash is known for the end block, and no slice starts there)';
export const PENDING_TITLE = 'Waiting for the hash of the next snapshot';

/** `1 slice`, `2 slices`, `1,000 slices`. */
export function count(number: number, noun: string): string {
  return `${formatCount(number)} ${noun}${number === 1 ? '' : 's'}`;
}
