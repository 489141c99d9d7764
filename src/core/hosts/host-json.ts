import { formatUtc } from '../domain/time.ts';
import type { FleetHostRecord, ProvidedHostRecord, ShortfallRecord } from '../protocol/fleet-record.ts';
import type { FleetHostView } from './fleet-view.ts';
import type { ProvidedHost, ProviderName, Shortfall } from './provider.ts';

/** A host of the fleet in the JSON of `hosts` commands. Fields as docs/json-output.md tells them. Pure. */
export function hostJson({ host, activity, record, ageMs, idleMs, costUsd }: FleetHostView): FleetHostRecord {
  return {
    ...providedJson(host),
    activity,
    worker_id: record?.worker_id ?? host.workerId,
    job_id: record?.job_id ?? null,
    stage: record?.stage ?? null,
    age_seconds: seconds(ageMs),
    idle_seconds: seconds(idleMs),
    cost_usd: costUsd,
  };
}

export function providedJson(host: ProvidedHost): ProvidedHostRecord {
  const { id, state, type, zone, purchase, pricePerHour, address, run, reason } = host;
  return {
    id,
    state,
    type,
    zone,
    purchase,
    price_per_hour: pricePerHour,
    address,
    run_id: run,
    launched_at: utc(host.launchedAt),
    ended_at: utc(host.endedAt),
    reason,
  };
}

export function shortfallJson({ zone, type, code, reason }: Shortfall): ShortfallRecord {
  return { zone, type, code, reason };
}

/** What all answers begin with. */
export function fleetJson(fleet: string, provider: ProviderName): object {
  return { fleet, provider };
}

function utc(ms: number | null): string | null {
  return ms === null ? null : formatUtc(new Date(ms));
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1000);
}
