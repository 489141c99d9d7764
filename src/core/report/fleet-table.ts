import { formatDuration } from '../format/duration.ts';
import { formatUsd } from '../format/usd.ts';
import type { FleetHostView } from '../hosts/fleet-view.ts';
import { renderFittedTable } from './fitted-table.ts';

type Cell = (view: FleetHostView) => string | null;

const COLUMNS: readonly [name: string, align: 'left' | 'right', cell: Cell][] = [
  ['host', 'left', ({ host }) => host.id],
  ['is', 'left', ({ activity, idleMs }) => activityText(activity, idleMs)],
  ['job', 'right', ({ record }) => known(record?.job_id, String)],
  ['stage', 'left', ({ record }) => record?.stage ?? record?.status ?? null],
  ['age', 'right', ({ ageMs }) => known(ageMs, formatDuration)],
  ['type', 'left', ({ host }) => host.type],
  ['zone', 'left', ({ host }) => host.zone],
  ['paid as', 'left', ({ host }) => host.purchase],
  ['price', 'right', ({ host }) => known(host.pricePerHour, (price) => `${formatUsd(price)}/h`)],
  ['cost', 'right', ({ costUsd }) => known(costUsd, formatUsd)],
  ['address', 'left', ({ host }) => host.address],
  ['run', 'right', ({ host }) => host.run],
  ['ended because', 'left', ({ host }) => (host.state === 'running' ? null : host.reason)],
];

/** What a narrow window does without, the first of them first. */
const DROPPED_FIRST = ['ended because', 'run', 'address', 'stage', 'paid as', 'price', 'zone', 'type', 'age'];

/** The hosts of a fleet as a table. @param width characters of a line; null: no limit */
export function renderFleetTable(views: readonly FleetHostView[], width: number | null): string {
  const filled = COLUMNS.map(([name, align, cell]) => ({
    column: { name, align },
    cells: views.map((view) => cell(view) ?? ''),
  }));
  // Most hosts have not ended, and many fleets have no run to tell of.
  const shown = filled.filter(
    ({ column, cells }) => column.name === 'job' || cells.some((cell) => cell !== ''),
  );
  return renderFittedTable(shown, { droppedFirst: DROPPED_FIRST, width });
}

function activityText(activity: FleetHostView['activity'], idleMs: number | null): string {
  const shown = activity === 'at-work' ? 'at work' : activity;
  return idleMs === null ? shown : `${shown} ${formatDuration(idleMs)}`;
}

function known<T>(value: T | null | undefined, form: (value: T) => string): string | null {
  return value === null || value === undefined ? null : form(value);
}
