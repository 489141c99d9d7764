import { formatDuration } from './duration.ts';
import { formatUsd } from './usd.ts';
import type { OutlookRecord } from '../protocol/fleet-record.ts';

/** What so many hosts would do for the end of the run and for its cost, for people. */
export function outlookText(count: number, outlook: OutlookRecord | null): string {
  if (outlook === null) return 'When the run ends cannot be told yet: too few slices were replayed.';
  const [these, it] = count === 1 ? ['this host', 'it'] : [`these ${count} hosts`, 'them'];
  const { time_left: without, time_left_with_hosts: withHosts, usd, usd_with_hosts: usdWith } = outlook;
  if (withHosts === null) return 'When the run ends cannot be told yet.';
  const end = `in about ${formatDuration(withHosts.likely_seconds * 1000)}`;
  const range = `${formatDuration(withHosts.low_seconds * 1000)} to ${formatDuration(withHosts.high_seconds * 1000)}`;
  const otherwise =
    without === null
      ? `without ${it} nobody works on it`
      : without.likely_seconds <= withHosts.likely_seconds
        ? `and no later without ${it}`
        : `without ${it} in ${formatDuration(without.likely_seconds * 1000)}`;
  const cost =
    usdWith === null
      ? ''
      : ` Until then the fleet costs about ${formatUsd(usdWith)}${usd === null ? '' : `, without ${it} ${formatUsd(usd)}`}.`;
  return `With ${these} the run ends ${end} (${range}), ${otherwise}.${cost}`;
}
