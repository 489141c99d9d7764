import { formatBytes } from '../format/bytes.ts';
import { formatCount } from '../format/count.ts';
import { formatDuration } from '../format/duration.ts';
import { formatUsd } from '../format/usd.ts';
import type { HostRecord } from '../protocol/host-record.ts';
import { renderFittedTable } from './fitted-table.ts';

type Cell = (host: HostRecord) => string | null;

const COLUMNS: readonly [name: string, align: 'left' | 'right', cell: Cell][] = [
  ['host', 'left', ({ worker_id }) => worker_id],
  ['job', 'right', ({ job_id }) => known(job_id, String)],
  ['stage', 'left', ({ stage, status }) => stage ?? status],
  ['rate', 'right', ({ blocks_per_second }) => known(blocks_per_second, (rate) => `${formatCount(rate)}/s`)],
  ['disk free', 'right', ({ disk_free }) => known(disk_free, formatBytes)],
  ['memory free', 'right', ({ memory_free }) => known(memory_free, formatBytes)],
  ['load', 'right', loadOf],
  ['last heard', 'right', ({ seconds_since_heard: seconds }) => `${formatDuration(seconds * 1000)} ago`],
  ['ok', 'right', ({ attempts_complete }) => String(attempts_complete)],
  ['failed', 'right', ({ attempts_failed }) => String(attempts_failed)],
  ['price', 'right', ({ price_per_hour }) => known(price_per_hour, (price) => `${formatUsd(price)}/h`)],
  ['cost', 'right', ({ cost_usd }) => known(cost_usd, formatUsd)],
  ['set aside', 'left', ({ set_aside }) => (set_aside ? 'set aside' : '')],
];

/** What a narrow window does without, the first of them first. */
export const HOST_COLUMNS_DROPPED_FIRST: readonly string[] = [
  'load',
  'memory free',
  'rate',
  'price',
  'ok',
  'disk free',
  'stage',
  'cost',
  'failed',
  // Only as long as nobody is: then it is empty, and goes first.
  'set aside',
];

/** The hosts as a table, a row for each. @param width characters of a line; null: no limit */
export function renderHostsTable(hosts: readonly HostRecord[], width: number | null = null): string {
  if (hosts.length === 0) return 'No host was heard from.';
  const filled = COLUMNS.map(([name, align, cell]) => ({
    column: { name, align },
    cells: hosts.map((host) => cell(host) ?? ''),
  }));
  return renderFittedTable(filled, { droppedFirst: HOST_COLUMNS_DROPPED_FIRST, width });
}

/** Processes that want to run, and how many can. */
function loadOf({ load, cpus }: HostRecord): string | null {
  return known(load, (wanted) => `${wanted.toFixed(1)}${cpus === null ? '' : ` of ${cpus}`}`);
}

function known(value: number | null, form: (value: number) => string): string | null {
  return value === null ? null : form(value);
}
