import { MAX_PRICE } from '../domain/cost.ts';
import { amount, FieldError, text, utcTime, type Fields } from './fields.ts';

/** Bytes of a report. */
export const HOST_REPORT_LIMIT = 16 * 1024;

/** What a host says of itself: the body of POST /host/report. Whatever it cannot tell is null. */
export interface HostReportRecord {
  hostname: string | null;
  /** Of the cloud that it is rented from. */
  instance_id: string | null;
  /** Of the program. */
  version: string | null;
  os: string | null;
  arch: string | null;
  cpus: number | null;
  /** Processes that run or want to, over the last minute. */
  load: number | null;
  /** All in bytes. `free` is what a program can still have. The disk is that of the data directory. */
  memory_total: number | null;
  memory_free: number | null;
  disk_total: number | null;
  disk_free: number | null;
  /** Of the worker. UTC, `YYYY-MM-DDTHH:MM:SS`, and seconds. */
  started_at: string | null;
  uptime_seconds: number | null;
  /** Dollars. */
  price_per_hour: number | null;
}

const MAX_TEXT = 200;

/**
 * The fields that POST /host/report takes; everything else is ignored.
 * @throws FieldError that names the field
 */
export function parseHostReport(fields: Fields): HostReportRecord {
  const named = (name: keyof HostReportRecord): string | null => text(fields, name, MAX_TEXT) ?? null;
  const whole = (name: keyof HostReportRecord): number | null => wholeAmount(fields, name);
  return {
    hostname: named('hostname'),
    instance_id: named('instance_id'),
    version: named('version'),
    os: named('os'),
    arch: named('arch'),
    cpus: whole('cpus'),
    load: bounded(fields, 'load', 1_000_000),
    memory_total: whole('memory_total'),
    memory_free: whole('memory_free'),
    disk_total: whole('disk_total'),
    disk_free: whole('disk_free'),
    started_at: utcTime(fields, 'started_at') ?? null,
    uptime_seconds: whole('uptime_seconds'),
    price_per_hour: bounded(fields, 'price_per_hour', MAX_PRICE),
  };
}

function wholeAmount(fields: Fields, name: string): number | null {
  const value = bounded(fields, name, Number.MAX_SAFE_INTEGER);
  return value === null ? null : Math.round(value);
}

function bounded(fields: Fields, name: string, most: number): number | null {
  const value = amount(fields, name) ?? null;
  if (value !== null && value > most)
    throw new FieldError(`${name} must be at most ${most}, and is ${value}`);
  return value;
}
