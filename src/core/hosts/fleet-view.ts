import type { FleetHostRecord } from '../protocol/fleet-record.ts';
import type { HostRecord } from '../protocol/host-record.ts';
import { parseUtc } from '../domain/time.ts';
import type { ProvidedHost } from './provider.ts';

/**
 * What a host is doing, from what its place and the orchestrator say of it together.
 * - booting: it was started lately and has not spoken to the orchestrator yet
 * - at-work: it holds a job
 * - idle: the orchestrator hears from it, and it holds none
 * - silent: it runs, and the orchestrator has not heard from it for long, or never did
 * - elsewhere: it runs, and was started for another orchestrator
 * - unknown: it runs, and the orchestrator could not be asked
 * - stopping, stopped, ended: as its place says
 */
export type HostActivity = FleetHostRecord['activity'];

/** A host may take so long from its launch to its first word: image, disk, program, nodeos. */
export const BOOT_MS = 15 * 60_000;

/** EC2 charges for a minute at least. */
const LEAST_MS = 60_000;

/** A host of the fleet, and its part in the run. */
export interface FleetHostView {
  readonly host: ProvidedHost;
  readonly activity: HostActivity;
  /** null: the orchestrator has not heard from it, or could not be asked. */
  readonly record: HostRecord | null;
  /** Milliseconds since it was launched, or from then to its end; null: not known. */
  readonly ageMs: number | null;
  /** Milliseconds without a job, as far as that is known; null: it has one, or it is not known. */
  readonly idleMs: number | null;
  /** Milliseconds since its last word; null: it has said none, or the orchestrator could not be asked. */
  readonly silentMs: number | null;
  /** US dollars so far; null: its price or its age is not known. */
  readonly costUsd: number | null;
}

/**
 * Each host of the fleet with its part in the run. Pure.
 * @param records of GET /hosts; null: the orchestrator could not be asked
 * @param orchestrator the address that its hosts carry; null: not known
 */
export function viewFleet(
  hosts: readonly ProvidedHost[],
  records: readonly HostRecord[] | null,
  now: number,
  orchestrator: string | null = null,
): FleetHostView[] {
  return hosts.map((host) => {
    const record = records?.find((candidate) => isSame(host, candidate)) ?? null;
    const ageMs = host.launchedAt === null ? null : Math.max(endOf(host, record, now) - host.launchedAt, 0);
    const isElsewhere = record === null && isOfAnother(host, orchestrator);
    const activity = isElsewhere ? 'elsewhere' : activityOf(host, record, records !== null, ageMs);
    const costUsd =
      ageMs === null || host.pricePerHour === null
        ? null
        : (Math.max(ageMs, LEAST_MS) / 3_600_000) * host.pricePerHour;
    const silentMs = record === null ? null : record.seconds_since_heard * 1000;
    return { host, activity, record, ageMs, idleMs: idleOf(activity, record, now), silentMs, costUsd };
  });
}

/** Some ends are told without their time: then it was there until its last word, as far as is known. */
function endOf({ state, endedAt }: ProvidedHost, record: HostRecord | null, now: number): number {
  return endedAt ?? (state === 'ended' && record !== null ? (timeOf(record.last_heard) ?? now) : now);
}

/** It is there, and works for another orchestrator, which uses the same name of a fleet. */
function isOfAnother(host: ProvidedHost, orchestrator: string | null): boolean {
  return (
    isUp(host) && orchestrator !== null && host.orchestrator !== null && host.orchestrator !== orchestrator
  );
}

/** It is there and paid for. */
export function isUp({ state }: ProvidedHost): boolean {
  return state === 'starting' || state === 'running';
}

function isSame(host: ProvidedHost, record: HostRecord): boolean {
  return host.workerId === null ? record.instance_id === host.id : record.worker_id === host.workerId;
}

function activityOf(
  host: ProvidedHost,
  record: HostRecord | null,
  asked: boolean,
  ageMs: number | null,
): HostActivity {
  if (host.state === 'stopping' || host.state === 'stopped' || host.state === 'ended') return host.state;
  if (record?.is_seen === true) return record.job_id === null ? 'idle' : 'at-work';
  if (ageMs !== null && ageMs < BOOT_MS && record === null) return 'booting';
  return asked ? 'silent' : 'unknown';
}

function idleOf(activity: HostActivity, record: HostRecord | null, now: number): number | null {
  if (record === null || (activity !== 'idle' && activity !== 'silent')) return null;
  if (activity === 'silent') return record.seconds_since_heard * 1000;
  const last = record.attempts.map(({ end_time: end }) => timeOf(end)).filter((time) => time !== null);
  return Math.max(now - Math.max(...last, timeOf(record.first_seen) ?? now), 0);
}

function timeOf(text: string | null): number | null {
  return text === null ? null : (parseUtc(text)?.getTime() ?? null);
}
