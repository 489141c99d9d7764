import type { HostAccount } from '../domain/cost.ts';
import type { HostAttempt, HostHistory } from '../domain/host-history.ts';
import type { Job } from '../domain/job.ts';
import { formatUtc } from '../domain/time.ts';
import type { HostAttemptRecord, HostRecord } from './host-record.ts';
import { parseHostReport, type HostReportRecord } from './host-report.ts';
import { rounded } from './to-summary-record.ts';

/** What the orchestrator knows of one host. */
export interface KnownHost {
  workerId: string;
  /** Milliseconds since 1970. */
  firstSeen: number;
  lastHeard: number;
  silentMs: number;
  isSeen: boolean;
  isSetAside: boolean;
  account: HostAccount;
  report: HostReportRecord | null;
  /** The job that it holds. */
  job: Job | null;
  history: HostHistory;
}

/** Of a host that has not said anything of itself. */
const SILENT = parseHostReport({});

/** One member of GET /hosts. */
export function toHostRecord(host: KnownHost): HostRecord {
  const { workerId, account, report, job, history } = host;
  return {
    worker_id: workerId,
    ...(report ?? SILENT),
    // Known from before a restart, too.
    price_per_hour: account.pricePerHour,
    first_seen: formatUtc(new Date(host.firstSeen)),
    last_heard: formatUtc(new Date(host.lastHeard)),
    seconds_since_heard: Math.floor(host.silentMs / 1000),
    is_seen: host.isSeen,
    set_aside: host.isSetAside,
    job_id: job?.jobId ?? null,
    replay_slice_id: job?.slice.sliceId ?? null,
    status: job?.status ?? null,
    stage: job?.stage ?? null,
    blocks_per_second: job?.blocksPerSecond ?? null,
    hours: rounded(account.countedMs / 3_600_000),
    cost_usd: account.pricePerHour === null && account.usd === 0 ? null : rounded(account.usd),
    attempts_complete: history.complete,
    attempts_failed: history.failed,
    attempts: history.newest.map(toAttemptRecord),
  };
}

function toAttemptRecord({ jobId, sliceId, attempt }: HostAttempt): HostAttemptRecord {
  return {
    job_id: jobId,
    replay_slice_id: sliceId,
    attempt: attempt.number,
    start_time: attempt.startTime,
    end_time: attempt.endTime,
    outcome: attempt.outcome,
    error_cause: attempt.cause,
  };
}
