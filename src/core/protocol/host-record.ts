import type { Cause } from '../domain/cause.ts';
import type { Attempt, JobStatus, Stage } from '../domain/job.ts';
import type { HostReportRecord } from './host-report.ts';

/** One attempt of a host. Times are UTC, `YYYY-MM-DDTHH:MM:SS`. */
export interface HostAttemptRecord {
  job_id: number;
  replay_slice_id: number;
  attempt: number;
  start_time: string;
  end_time: string | null;
  /** null while it lasts. */
  outcome: Attempt['outcome'];
  error_cause: Cause | null;
}

/** One host in GET /hosts: who it is, what it is at, what it costs, what it last said of itself. */
export interface HostRecord extends HostReportRecord {
  worker_id: string;
  /** By the orchestrator's clock. UTC. */
  first_seen: string;
  last_heard: string;
  /** Since then. */
  seconds_since_heard: number;
  /** It was heard from within the last two minutes. */
  is_seen: boolean;
  /** Gets no more jobs until it passes a self-check or a person clears it. */
  set_aside: boolean;
  /** The job it holds, and how far that is; all null when it holds none. */
  job_id: number | null;
  replay_slice_id: number | null;
  status: JobStatus | null;
  stage: Stage | null;
  blocks_per_second: number | null;
  /** Hours that were counted; null in dollars: its price is not known. */
  hours: number;
  cost_usd: number | null;
  attempts_complete: number;
  attempts_failed: number;
  /** The newest twenty, the newest first. */
  attempts: HostAttemptRecord[];
}

/** The answer to POST /hosts/dismiss. */
export interface DismissAnswer {
  /** Workers that hold no job, and get none any more. */
  dismissed: string[];
  /** Those that hold one. Nothing has changed for them. */
  at_work: { worker_id: string; job_id: number }[];
}

/**
 * A host in the stream of events: without its attempts, which GET /hosts?workerid=ID has, and without what
 * a reader can tell from `last_heard`.
 */
export type HostRow = Omit<HostRecord, 'attempts' | 'seconds_since_heard'>;

/** The event `hosts` of GET /events?hosts=1. */
export interface HostsEvent {
  /** When this was so, by the orchestrator's clock. UTC. */
  at: string;
  /** These are all hosts: what the reader knew of others is out of date. */
  all: boolean;
  /** With `all` whole; else the name and what has changed, of those where something has. */
  hosts: HostChange[];
  /** Hosts that are not told of any more. */
  gone: string[];
}

export type HostChange = Partial<HostRow> & Pick<HostRow, 'worker_id'>;

export function toHostRow({ attempts: _attempts, seconds_since_heard: _ago, ...row }: HostRecord): HostRow {
  return row;
}

/** What of a host is other than before; null: nothing is. */
export function hostChange(before: HostRow | undefined, now: HostRow): HostChange | null {
  if (before === undefined) return now;
  const names = (Object.keys(now) as (keyof HostRow)[]).filter((name) => before[name] !== now[name]);
  if (names.length === 0) return null;
  return { ...Object.fromEntries(names.map((name) => [name, now[name]])), worker_id: now.worker_id };
}
