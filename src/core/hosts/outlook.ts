import type { ForecastRecord } from '../protocol/forecast-record.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import type { OutlookRecord } from '../protocol/fleet-record.ts';
import type { TimeLeftRecord } from '../protocol/summary-record.ts';
import { arriving, bootSeconds } from './boot-time.ts';
import type { Prospects } from './decide-launch.ts';
import { dearest } from './dearest.ts';
import { isUp, type FleetHostView } from './fleet-view.ts';
import { rateOf } from './money.ts';
import type { RunFacts } from './run-facts.ts';
import type { FleetSettings } from './settings/settings.ts';

export interface Asked {
  readonly settings: FleetSettings;
  readonly client: OrchestratorClient;
  readonly seen: { readonly views: readonly FleetHostView[]; readonly facts: RunFacts | null };
  /** Hosts of launches of which nobody knows yet what became of them. */
  readonly unsettled?: number;
  readonly signal: AbortSignal;
}

/** What the orchestrator says of more hosts, and what was told to it. */
export interface Forecast {
  readonly bootSeconds: number;
  /** null: too little is known yet. */
  readonly record: ForecastRecord | null;
}

/**
 * Asks the orchestrator what so many more hosts would do for the run.
 * @param count null: as many as would still get a job
 * @throws OrchestratorError
 */
export async function askForecast(
  { settings, client, seen: { views, facts }, unsettled = 0, signal }: Asked,
  count: number | null,
): Promise<Forecast> {
  const boot = Math.round(bootSeconds(views, settings.provider, facts?.run ?? null));
  const coming = [...arriving(views, boot), ...Array.from({ length: unsettled }, () => boot)];
  const record = await client.forecast({ bootSeconds: boot, hosts: count, arriving: coming }, { signal });
  return { bootSeconds: boot, record };
}

/** Both fail with an OrchestratorError. */
export function prospectsOf(asked: Asked): Prospects {
  const record = async (count: number | null): Promise<ForecastRecord | null> =>
    (await askForecast(asked, count)).record;
  return {
    usable: async () => (await record(null))?.hosts_usable ?? null,
    hoursWith: async (count) => {
      const left = (await record(count))?.time_left_with_hosts ?? null;
      return left && left.likely_seconds / 3600;
    },
  };
}

/**
 * What so many hosts would do for the end of the run and for its cost; null: it cannot be told yet, or they are none.
 * @throws OrchestratorError
 */
export async function askOutlook(asked: Asked, count: number): Promise<OutlookRecord | null> {
  if (count === 0) return null;
  const { bootSeconds: boot, record } = await askForecast(asked, count);
  return record && outlookOf(asked.settings, asked.seen.views, boot, record);
}

/**
 * The cost is that of all hosts of the fleet until the run ends, those that are there and `record.hosts` more, the
 * dearest that may be had: an upper figure, since hosts that find no job any more end before. Pure.
 */
export function outlookOf(
  settings: FleetSettings,
  views: readonly FleetHostView[],
  boot: number,
  record: ForecastRecord,
): OutlookRecord {
  const { hosts, time_left: left, time_left_with_hosts: leftWith } = record;
  const isPriced = views.every(
    ({ host }) => !isUp(host) || host.purchase === null || host.pricePerHour !== null,
  );
  const rate = isPriced ? rateOf(views) : null;
  const price = dearest(settings);
  return {
    boot_seconds: boot,
    time_left: left,
    time_left_with_hosts: leftWith,
    usd: costUntil(left, rate),
    usd_with_hosts: costUntil(leftWith, rate === null || price === null ? null : rate + price * hosts),
  };
}

function costUntil(left: TimeLeftRecord | null, rate: number | null): number | null {
  if (left === null || rate === null) return null;
  return Math.round((left.likely_seconds / 3600) * rate * 10_000) / 10_000;
}
