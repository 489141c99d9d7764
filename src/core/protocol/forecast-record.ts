import { MOST_HOSTS } from '../domain/forecast/more-hosts.ts';
import { FieldError } from './fields.ts';
import type { TimeLeftRecord } from './summary-record.ts';

/** GET /forecast: what more hosts would do for the run. */
export interface ForecastRecord {
  /** Hosts that would still get a job if they were launched now. */
  hosts_usable: number;
  /** Hosts that `time_left_with_hosts` is about: those that were asked about, else the usable ones, 1000 at most. */
  hosts: number;
  /** As the run goes on now; null: nobody is there to work on it. */
  time_left: TimeLeftRecord | null;
  /** With these hosts; null: there is none. */
  time_left_with_hosts: TimeLeftRecord | null;
}

/** Its parameters. */
export interface ForecastQuery {
  /** Seconds until a host that is launched now takes a job. */
  bootSeconds: number;
  /** How many are launched; null: as many as are usable. */
  hosts: number | null;
  /** Seconds until each of the hosts is there that are coming, and that the orchestrator has not heard from. */
  arriving: readonly number[];
}

/** A week: nothing takes longer to boot. */
const MOST_SECONDS = 604_800;

export function forecastPath({ bootSeconds, hosts, arriving }: ForecastQuery): string {
  const parts = [
    `boot_seconds=${Math.round(bootSeconds)}`,
    ...(hosts === null ? [] : [`hosts=${hosts}`]),
    ...(arriving.length === 0
      ? []
      : [`arriving=${arriving.map((seconds) => Math.round(seconds)).join(',')}`]),
  ];
  return `/forecast?${parts.join('&')}`;
}

/** @throws FieldError */
export function parseForecast(query: URLSearchParams): ForecastQuery {
  const arriving = query.get('arriving') ?? '';
  const texts = arriving === '' ? [] : arriving.split(',');
  if (texts.length > MOST_HOSTS) throw new FieldError(`arriving names more than ${MOST_HOSTS} hosts`);
  const hosts = query.get('hosts');
  return {
    bootSeconds: whole('boot_seconds', query.get('boot_seconds') ?? '', MOST_SECONDS),
    hosts: hosts === null ? null : whole('hosts', hosts, MOST_HOSTS),
    arriving: texts.map((text) => whole('arriving', text, MOST_SECONDS)),
  };
}

function whole(name: string, text: string, most: number): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= most) return Number(text);
  throw new FieldError(`${name} must be a whole number from 0 to ${most}`);
}
