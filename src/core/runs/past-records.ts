import { DEFAULT_LEASE_SECONDS } from '../domain/lease.ts';
import { toRunRecord, type RunRecord } from '../protocol/run-record.ts';
import type { SummaryRecord } from '../protocol/summary-record.ts';
import type { RecordContext } from '../protocol/to-full-record.ts';
import { toSummaryRecord } from '../protocol/to-summary-record.ts';
import { jobsOf, type PastRun } from './past-run.ts';

/**
 * What full records of a past run say beyond the jobs themselves: nobody has a lease any more, and no time
 * of an end can be told.
 */
export function pastRecordContext({ info, policy }: PastRun): RecordContext {
  return {
    now: null,
    leaseSeconds: info.settings?.leaseSeconds ?? DEFAULT_LEASE_SECONDS,
    leaseExpiresAt: () => null,
    policy,
  };
}

/**
 * The numbers of a past run, as its orchestrator said them last. Jobs that were held when it ended are not
 * finished, and unless somebody is at work on the run still, no host is at work on them.
 * @param isAtWork an orchestrator is
 */
export function pastSummary(run: PastRun, isAtWork = false): SummaryRecord {
  const { summary } = run;
  const told = isAtWork ? summary : { ...summary, hostCount: 0, blocksPerSecond: null };
  const record = toSummaryRecord(told, run.info.runId, run.setAside, { seen: 0, idle: 0, cost: run.cost });
  return run.damage.length === 0 ? record : { ...record, damage: [...run.damage] };
}

export function pastRunRecord(run: PastRun, isCurrent: boolean): RunRecord {
  const { createdAt } = run.info;
  return toRunRecord(pastSummary(run), jobsOf(run), { createdAt, isCurrent });
}
