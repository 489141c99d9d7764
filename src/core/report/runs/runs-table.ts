import { formatCount } from '../../format/count.ts';
import type { RunRecord } from '../../protocol/run-record.ts';
import { renderFittedTable } from '../fitted-table.ts';
import type { Column } from '../long-table.ts';
import { percentOf } from '../model.ts';
import { oneLine } from '../status-text.ts';

const COLUMNS: readonly (Column & { cell: (run: RunRecord) => string })[] = [
  { name: 'run', align: 'right', cell: ({ run_id, is_current }) => `${is_current ? '* ' : ''}${run_id}` },
  { name: 'asked for', align: 'left', cell: ({ requested_versions: asked }) => asked.join(', ') },
  { name: 'nodeos', align: 'left', cell: ({ nodeos_versions: said }) => said.join(', ') },
  { name: 'jobs', align: 'right', cell: ({ total_jobs: jobs }) => count(jobs) },
  { name: 'succeeded', align: 'right', cell: ({ jobs_succeeded: jobs }) => count(jobs) },
  { name: 'failed', align: 'right', cell: ({ jobs_failed: jobs }) => count(jobs) },
  { name: 'remaining', align: 'right', cell: ({ jobs_remaining: jobs }) => count(jobs) },
  { name: 'verified', align: 'right', cell: ({ verdicts }) => count(verdicts?.VERIFIED ?? null) },
  { name: 'blocks', align: 'right', cell: blocks },
  { name: 'began', align: 'left', cell: ({ began_at: began }) => time(began) },
  { name: 'ended', align: 'left', cell: ({ ended_at: ended }) => time(ended) },
];

/** What a narrow window does without, the first of them first. */
const DROPPED_FIRST = ['began', 'nodeos', 'ended', 'blocks', 'succeeded', 'asked for', 'jobs', 'verified'];

/**
 * The runs as a table, and what has to be said of them.
 * @param width characters of a line; null: no limit
 */
export function renderRunsTable(runs: readonly RunRecord[], width: number | null = null): string {
  if (runs.length === 0) return 'There are no runs yet.';
  const filled = COLUMNS.map((column) => ({ column, cells: runs.map(column.cell) }));
  const notes = [
    ...(runs.some(({ is_current }) => is_current) ? ['* the current run'] : []),
    ...runs
      .filter(({ stand_in }) => stand_in === true)
      .map(({ run_id: id }) => `Run ${id} is a REHEARSAL: its results come from the nodeos stand-in.`),
    ...runs.flatMap(({ run_id: id, damage }) =>
      damage.map((what) => `Run ${id} is DAMAGED: ${oneLine(what)}`),
    ),
  ];
  return [renderFittedTable(filled, { droppedFirst: DROPPED_FIRST, width }), ...notes].join('\n');
}

function count(number: number | null): string {
  return number === null ? '' : formatCount(number);
}

function blocks({ blocks_processed: done, total_blocks: all }: RunRecord): string {
  return done === null || all === null ? '' : `${percentOf(done, all).toFixed(1)} % of ${formatCount(all)}`;
}

function time(utc: string | null): string {
  return utc === null ? '' : `${utc}Z`;
}
