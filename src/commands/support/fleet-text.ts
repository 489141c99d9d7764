import { formatUsd } from '../../core/format/usd.ts';
import { isUp, type FleetHostView } from '../../core/hosts/fleet-view.ts';
import { costOf, rateOf } from '../../core/hosts/money.ts';
import type { ProvidedHost, Shortfall } from '../../core/hosts/provider.ts';
import type { FleetSettings } from '../../core/hosts/settings/settings.ts';
import { renderFleetTable } from '../../core/report/fleet-table.ts';
import { oneLine } from '../../core/report/status-text.ts';
import { terminalOf } from './terminal.ts';

/** The fleet for people, on stdout. */
export function showFleet({ name }: FleetSettings, views: readonly FleetHostView[], asked: boolean): void {
  if (views.length === 0) {
    process.stdout.write(`The fleet ${name} has no hosts.\n`);
    return;
  }
  const { width } = terminalOf(process.stdout, process.env, true);
  process.stdout.write(`${summaryLine(name, views, asked)}\n${renderFleetTable(views, width)}\n`);
}

/** `Fleet eos: 3 hosts, 2 at work, 1 idle; $2.46 an hour, $7.38 so far.` */
function summaryLine(name: string, views: readonly FleetHostView[], asked: boolean): string {
  const up = views.filter(({ host }) => isUp(host));
  const count = (activity: string): number => up.filter((view) => view.activity === activity).length;
  const parts = asked
    ? [`${count('at-work')} at work`, `${count('idle')} idle`, `${count('booting')} booting`]
    : [];
  const silent = count('silent');
  if (silent > 0) parts.push(`${silent} silent`);
  const unpriced = up.filter(({ host }) => host.pricePerHour === null).length;
  const money = `${formatUsd(rateOf(views))} an hour, ${formatUsd(costOf(views))} so far`;
  const without = unpriced === 0 ? '' : `; ${hosts(unpriced)} without a price`;
  return `Fleet ${name}: ${[hosts(up.length), ...parts].join(', ')}; ${money}${without}.`;
}

export function hosts(count: number): string {
  return count === 1 ? '1 host' : `${count} hosts`;
}

/** `eu-west-1a, c7a.4xlarge: There is no capacity (InsufficientInstanceCapacity)` */
export function shortfallLine({ zone, type, code, reason }: Shortfall): string {
  const place = [zone, type].filter((part) => part !== null).join(', ');
  return `${place === '' ? '' : `${place}: `}${oneLine(reason)} (${code})`;
}

/** `i-0abc  c7a.4xlarge in eu-west-1a, spot` */
export function hostLine({ id, type, zone, purchase }: ProvidedHost): string {
  const what = [type, zone === null ? null : `in ${zone}`].filter((part) => part !== null).join(' ');
  return `${id}${what === '' ? '' : `  ${what}`}${purchase === 'spot' ? ', spot' : ''}`;
}
