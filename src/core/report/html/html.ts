import { formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/span.ts';
import { escapeMarkup } from '../escape.ts';
import type { ReportModel } from '../model.ts';
import { noticesOf } from '../notices.ts';
import type { ReportedJob } from '../reported-job.ts';
import {
  blockRange,
  figures,
  headline,
  knownLine,
  PENDING_TITLE,
  STANDING_NAMES,
  STATISTICS,
  timingRows,
  UNVERIFIABLE_TITLE,
} from '../wording.ts';
import { type Column, hash, lines, type Markup, section, table } from './parts.ts';
import { failureCards } from './failures.ts';
import { legend, strip } from './strip.ts';
import { STYLE } from './style.ts';

/** The report as one page that opens anywhere: without scripts, and without anything from elsewhere. */
export function renderHtml(report: ReportModel): string {
  const parts = [
    header(report),
    section('The chain', `${strip(report.slices)}\n${legend(report.slices)}`),
    section(`Failed jobs (${formatCount(report.failures.length)})`, failureCards(report.failures)),
    known(report),
    suspects(report),
    conflicts(report),
    sliceList(UNVERIFIABLE_TITLE, report.unverifiable),
    sliceList(PENDING_TITLE, report.pending),
    timing(report),
    slowest(report),
    section('All slices', allSlices(report.slices)),
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // Values are escaped; this holds even if one were not.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeMarkup(headline(report))}${report.standIn ? ' (REHEARSAL)' : ''}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    ...parts.filter((part) => part !== ''),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function header(report: ReportModel): string {
  const unproven = report.outcome === 'passed' && report.verdicts.UNVERIFIABLE > 0;
  const cells = figures(report).map(
    ([name, value]) => `<div><dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd></div>`,
  );
  return [
    `<header class="${unproven ? 'unproven' : report.outcome}"><h1>${escapeMarkup(headline(report))}</h1></header>`,
    ...noticesOf(report).map((notice) => `<p class="notice" role="note">${escapeMarkup(notice)}</p>`),
    `<dl class="figures">${cells.join('')}</dl>`,
  ].join('\n');
}

function known({ known }: ReportModel): string {
  const items = known.map((finding) => `<li>${escapeMarkup(knownLine(finding))}</li>`);
  return section(
    `Known exceptions (${known.length})`,
    items.length === 0 ? '' : `<ul>\n${items.join('\n')}\n</ul>`,
  );
}

function suspects({ suspects }: ReportModel): string {
  if (suspects.length === 0) return '';
  const rows = suspects.map(({ block, snapshot_path, reason }) => [block, snapshot_path, reason]);
  const columns: Column[] = [{ name: 'block', kind: 'number' }, { name: 'snapshot' }, { name: 'why' }];
  return section(`Suspect snapshots (${suspects.length})`, table(columns, rows));
}

function conflicts({ conflicts }: ReportModel): string {
  if (conflicts.length === 0) return '';
  const columns: Column[] = [
    { name: 'block', kind: 'number' },
    { name: 'slice', kind: 'number' },
    { name: 'version' },
    { name: 'hashes' },
  ];
  const rows = conflicts.map((conflict) => [
    conflict.block,
    conflict.configid,
    conflict.version,
    lines([
      said('replayed to', conflict.actual),
      said('snapshot gave', conflict.snapshot),
      ...(conflict.older_snapshots ?? []).map((older) => said('and before', older)),
      said('manifest knew', conflict.known),
      ...conflict.attempts.map(({ attempt, worker_id, hash: arrived, late }) =>
        said(`attempt ${attempt} on ${worker_id ?? 'an unknown host'}${late ? ', late,' : ''} gave`, arrived),
      ),
    ]),
  ]);
  return section(`Hash conflicts (${conflicts.length})`, table(columns, rows));
}

function said(who: string, value: string | null): Markup {
  return { html: `<span class="who">${escapeMarkup(who)}</span> ${hash(value).html}` };
}

function sliceList(title: string, slices: readonly ReportedJob[]): string {
  if (slices.length === 0) return '';
  const columns: Column[] = [
    { name: 'job', kind: 'number' },
    { name: 'slice', kind: 'number' },
    { name: 'blocks', kind: 'number' },
    { name: 'replayed to' },
  ];
  const rows = slices.map((job) => [job.jobId, job.sliceId, blockRange(job), hash(job.actualHash)]);
  return section(`${title} (${slices.length})`, table(columns, rows));
}

function timing(report: ReportModel): string {
  const rows = timingRows(report).map(({ name, count, values }) => [name, count, ...values]);
  if (rows.length === 0) return '';
  const names = ['slices', ...STATISTICS].map((name): Column => ({ name, kind: 'number' }));
  return section('Time of finished slices', table([{ name: '' }, ...names], rows));
}

function slowest({ timing }: ReportModel): string {
  if (timing.slowest.length < 3) return '';
  const columns: Column[] = [
    { name: 'slice', kind: 'number' },
    { name: 'blocks', kind: 'number' },
    { name: 'time', kind: 'number' },
    { name: 'per million blocks', kind: 'number' },
    { name: 'host' },
  ];
  const rows = timing.slowest.map(({ job, durationMs, perMillionBlocksMs }) => [
    { html: `<a href="#slice-${job.jobId}">${job.sliceId}</a>` },
    blockRange(job),
    formatSpan(durationMs),
    formatSpan(perMillionBlocksMs),
    job.workerId,
  ]);
  return section('Slowest slices', table(columns, rows));
}

function allSlices(slices: readonly ReportedJob[]): string {
  const columns: Column[] = [
    { name: 'slice', kind: 'number' },
    { name: 'job', kind: 'number' },
    { name: 'blocks', kind: 'number' },
    { name: 'result' },
    { name: 'status' },
    { name: 'time', kind: 'number' },
    { name: 'attempt', kind: 'number' },
    { name: 'host' },
    { name: 'nodeos' },
  ];
  const rows = slices.map((job) => [
    job.sliceId,
    job.jobId,
    blockRange(job),
    { html: `<span class="mark"><i class="s-${job.standing}"></i>${STANDING_NAMES[job.standing]}</span>` },
    job.status,
    job.durationMs === null ? null : formatSpan(job.durationMs),
    job.attempt === 0 ? null : job.attempt,
    job.workerId,
    job.nodeosVersion,
  ]);
  return table(
    columns,
    rows,
    slices.map(({ jobId }) => `slice-${jobId}`),
  );
}
