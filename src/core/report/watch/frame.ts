import { hasFailed, isHeld } from '../../domain/transition.ts';
import { formatCount } from '../../format/count.ts';
import { formatDuration } from '../../format/duration.ts';
import type { MirroredRun } from '../../protocol/events/run-mirror.ts';
import type { FullJobRecord } from '../../protocol/full-record.ts';
import type { SummaryRecord } from '../../protocol/summary-record.ts';
import { renderGlance } from '../glance.ts';
import { percentOf } from '../model.ts';
import { chooseJobs, type JobChoice } from '../status-choice.ts';
import { renderStatusTable } from '../status-table.ts';
import { clip, oneLine } from '../status-text.ts';
import { jobsInSight } from './in-sight.ts';

/** What is shown, and the window that it has to fit. */
export interface Frame {
  run: MirroredRun;
  choice: JobChoice;
  /** Names of columns; null: the usual ones. */
  columns: readonly string[] | null;
  /** null: the orchestrator is heard. */
  lost: { reason: string; sinceMs: number } | null;
  width: number;
  height: number;
}

/** Lines of a table that are no rows: the border, the names and the rule above them, the border below. */
const TABLE_FRAME = 4;

/** In a window that would hold fewer jobs than this below the whole glance, jobs go before numbers. */
const FEW_ROWS = 5;

/** The run as the lines of one window, never more of them than it is high. */
export function renderFrame({ run, choice, columns, lost, width, height }: Frame): string[] {
  const glance = renderGlance(run.summary, width).split('\n');
  const roomy = height - glance.length - TABLE_FRAME - 1 >= FEW_ROWS;
  const head = (roomy ? glance : [shortGlance(run.summary)]).map((line) => clip(line, width));
  const chosen = chooseJobs([...run.jobs.values()], choice);
  const rows = height - head.length - TABLE_FRAME - 1;
  const shown = jobsInSight(chosen, rows, choice.sort !== null);
  const table = shown.length > 0 ? renderStatusTable(shown, { columns, width }).split('\n') : [];
  const foot = clip(lost ? lostLine(lost) : footLine(chosen, shown.length), width);
  return [...head.slice(0, Math.max(height - 1, 0)), ...table.slice(0, Math.max(rows, 0) + TABLE_FRAME)]
    .slice(0, Math.max(height - 1, 0))
    .concat(foot);
}

function shortGlance(summary: SummaryRecord): string {
  const { run_id, blocks_processed, total_blocks, jobs_failed, jobs_remaining } = summary;
  const done = percentOf(blocks_processed, total_blocks).toFixed(1);
  return `Run ${run_id}: ${done} %, ${jobs_failed} failed, ${jobs_remaining} remaining`;
}

function lostLine({ reason, sinceMs }: NonNullable<Frame['lost']>): string {
  return `NOT UP TO DATE for ${formatDuration(sinceMs)}: ${oneLine(reason)}. Trying again.`;
}

function footLine(chosen: readonly FullJobRecord[], shown: number): string {
  const all = formatCount(chosen.length);
  if (shown === chosen.length) return `${all} ${chosen.length === 1 ? 'job' : 'jobs'}. Ctrl-C ends.`;
  const failed = chosen.filter(hasFailed).length;
  const held = chosen.filter(({ status }) => isHeld(status)).length;
  const hidden = Math.max(failed - shown, 0);
  const problems = hidden > 0 ? `, ${formatCount(hidden)} failed ones not shown` : '';
  return `${shown} of ${all} jobs shown: ${formatCount(failed)} failed, ${formatCount(held)} at work${problems}. Ctrl-C ends.`;
}
