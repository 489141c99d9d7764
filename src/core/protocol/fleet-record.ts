import type { TimeLeftRecord } from './summary-record.ts';
import { describe, FieldError, parseObject, present, type Fields } from './fields.ts';

/** A host that its place knows; the fields of `hosts up --json`. Times are UTC. */
export interface ProvidedHostRecord {
  id: string;
  state: 'starting' | 'running' | 'stopping' | 'stopped' | 'ended';
  type: string | null;
  zone: string | null;
  purchase: 'on-demand' | 'spot' | null;
  /** US dollars. */
  price_per_hour: number | null;
  address: string | null;
  run_id: string | null;
  launched_at: string | null;
  ended_at: string | null;
  reason: string | null;
}

/** A host of the fleet and its part in the run; the fields of `hosts list --json`. */
export interface FleetHostRecord extends ProvidedHostRecord {
  activity:
    | 'booting'
    | 'at-work'
    | 'idle'
    | 'silent'
    | 'elsewhere'
    | 'unknown'
    | 'stopping'
    | 'stopped'
    | 'ended';
  worker_id: string | null;
  job_id: number | null;
  stage: string | null;
  age_seconds: number | null;
  idle_seconds: number | null;
  cost_usd: number | null;
}

/** What the orchestrator does by itself about the fleet, and what keeps it from doing more. */
export interface AutoscaleRecord {
  /** UTC, of its last look that came to an end; null: none did yet. */
  looked_at: string | null;
  /** Hosts that it launched and stopped after that look. */
  launched: number;
  stopped: number;
  /** It does nothing while the run is paused. */
  paused: boolean;
  /** What keeps the fleet smaller than the jobs could use, a line each. */
  notes: readonly string[];
  /** What the last launch could not get; empty when nothing is kept from being launched by that any more. */
  shortfalls: readonly ShortfallRecord[];
  /** UTC; it launches nothing before, because the last launch got less than it asked for; null: nothing keeps it. */
  next_launch_at: string | null;
  /** Why the last look came to nothing; null: it did not. */
  error: string | null;
}

/** GET /fleet. */
export interface FleetRecord {
  fleet: string;
  provider: 'ec2' | 'ssh' | 'local';
  /** null: hosts are launched and stopped by people alone. */
  autoscale: AutoscaleRecord | null;
  max_hosts: number;
  /** US dollars; null: there is none. */
  budget: number | null;
  /** US dollars of the dearest host that may be launched; null: not known. */
  price_per_hour: number | null;
  /** US dollars that the run has cost so far, as it is held against the budget. */
  spent_usd: number;
  /** US dollars an hour of the hosts that are there, as far as their prices are known. */
  usd_per_hour: number;
  /** Hosts that are there and whose price is not known. */
  hosts_unpriced: number;
  /** UTC, of the last look that was answered; null: none was yet. */
  looked_at: string | null;
  /** Why the look after that one failed; null: it did not. */
  error: string | null;
  /** Why no host could be launched when that was tried out at the start, until one is, or a dry run succeeds; null: it could. */
  launch_problem: string | null;
  hosts: readonly FleetHostRecord[];
  /** Hosts that ended within the last hour, the newest first; a hundred of them at most. */
  ended: readonly FleetHostRecord[];
}

export interface ShortfallRecord {
  zone: string | null;
  type: string | null;
  code: string;
  reason: string;
}

/** What hosts that are launched do for the end of the run, and for its cost. */
export interface OutlookRecord {
  /** From its launch until a host takes a job, as far as is known. */
  boot_seconds: number;
  /** Without them; null: nobody works on the run then. */
  time_left: TimeLeftRecord | null;
  time_left_with_hosts: TimeLeftRecord | null;
  /** US dollars for all hosts of the fleet from now to that end, without them; null: not known. */
  usd: number | null;
  usd_with_hosts: number | null;
}

/** What POST /fleet/up has done; with `dry_run` what it would do. */
export interface FleetUpAnswer {
  dry_run: boolean;
  /** How many of those that were asked for the limits allow. */
  count: number;
  /** As in FleetRecord. */
  price_per_hour: number | null;
  /** Why it is less than was asked for, a line each. */
  notes: readonly string[];
  /** What they would do for the run, if they were all had; null: that cannot be told yet, or there are none. */
  outlook: OutlookRecord | null;
  started: readonly ProvidedHostRecord[];
  shortfalls: readonly ShortfallRecord[];
}

/** What POST /fleet/down has done; with `dry_run` what it would do. */
export interface FleetDownAnswer {
  dry_run: boolean;
  /** Hosts that are meant. */
  ids: readonly string[];
  /** Jobs that they hold, and lose. */
  job_ids: readonly number[];
  stopped: readonly string[];
  failed: readonly { id: string; reason: string }[];
  /** Stopped, and left with a finished result that has not reached the orchestrator. */
  kept: readonly { id: string; reason: string }[];
  /** When all were to be stopped: ids of hosts that run all the same. */
  remaining: readonly string[];
  /** When all were to be stopped: hosts of launches of which it is not known what becomes of them. */
  pending: number;
}

/** It takes longer than a caller is kept waiting. The same request again answers with what became of it. */
export interface FleetUnderWay {
  under_way: true;
}

/** @property token chosen by the caller: a request that comes again with it is not done again */
export type FleetRequest<Wish> = Wish & ({ dryRun: true; token: null } | { dryRun: false; token: string });

export interface UpWish {
  count: number | 'auto';
}

export interface DownWish {
  choice: 'all' | 'idle' | readonly string[];
}

/** @throws FieldError */
export function parseFleetUp(body: string): FleetRequest<UpWish> {
  const fields = parseObject(body);
  const count = present(fields, 'count');
  const isNumber = Number.isSafeInteger(count) && Number(count) >= 1 && Number(count) <= 1000;
  if (count !== 'auto' && !isNumber) {
    throw new FieldError(`count must be an integer from 1 to 1000, or "auto", and is ${describe(count)}`);
  }
  return { count: count as number | 'auto', ...manner(fields) };
}

/** @throws FieldError */
export function parseFleetDown(body: string): FleetRequest<DownWish> {
  const fields = parseObject(body);
  const [all, idle, ids] = [flag(fields, 'all'), flag(fields, 'idle'), idsOf(present(fields, 'ids'))];
  const choices = [
    ...(all ? ['all' as const] : []),
    ...(idle ? ['idle' as const] : []),
    ...(ids ? [ids] : []),
  ];
  const [choice] = choices;
  if (choice === undefined || choices.length > 1) {
    throw new FieldError('One of these must be there: ids, a list; idle or all, true');
  }
  return { choice, ...manner(fields) };
}

function manner(fields: Fields): { dryRun: true; token: null } | { dryRun: false; token: string } {
  if (flag(fields, 'dry_run')) return { dryRun: true, token: null };
  const token = present(fields, 'token');
  if (typeof token === 'string' && /^[\w-]{8,64}$/.test(token)) return { dryRun: false, token };
  throw new FieldError('token must be 8 to 64 of A-Z, a-z, 0-9, _ and -, chosen anew for each request');
}

function flag(fields: Fields, name: string): boolean {
  const value = present(fields, name) ?? false;
  if (typeof value === 'boolean') return value;
  throw new FieldError(`${name} must be true or false, and is ${describe(value)}`);
}

function idsOf(value: unknown): string[] | null {
  if (value === undefined) return null;
  const isList =
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= 1000 &&
    value.every((id) => typeof id === 'string' && id !== '' && id.length <= 300);
  if (isList) return [...new Set(value as string[])];
  throw new FieldError(`ids must be a list of ids of hosts, and is ${describe(value)}`);
}
