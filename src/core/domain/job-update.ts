import type { Cause } from './cause.ts';
import type { JobStatus, Stage, StageTimes } from './job.ts';
import { JOB_STATUSES } from './job.ts';
import { parseHash } from './hash.ts';
import { formatUtc, parseUtc } from './time.ts';

/**
 * What a caller wants of a job: POST /job in the domain's words. Absent and null mean "nothing said":
 * older clients send back the whole record, nulls included.
 */
export interface JobUpdateInput {
  readonly status: JobStatus;
  readonly lastBlockProcessed?: number | null;
  /** Counts with a claim only. UTC, `YYYY-MM-DDTHH:MM:SS`. */
  readonly startTime?: string | null;
  /** Counts with a claim only. */
  readonly claimId?: string | null;
  readonly endTime?: string | null;
  readonly actualHash?: string | null;
  readonly errorMessage?: string | null;
  readonly errorCause?: Cause | null;
  readonly instanceId?: string | null;
  readonly stage?: Stage | null;
  readonly blocksPerSecond?: number | null;
  readonly nodeosVersion?: string | null;
  readonly stageTimes?: StageTimes | null;
}

/** A field of an update that cannot be accepted. The reason names the field as it is called on the wire. */
interface BadField {
  readonly field: string;
  readonly reason: string;
}

/** Reads a status, `SNAPSHOT_LOADING` included, which older clients also write. null: there is no such status. */
export function parseStatus(text: string): JobStatus | null {
  if (text === 'SNAPSHOT_LOADING') return 'LOADING_SNAPSHOT';
  return JOB_STATUSES.find((status) => status === text) ?? null;
}

/** The update with its values in their one form, or the first field that is wrong. */
export function checkUpdate(update: JobUpdateInput): JobUpdateInput | BadField {
  const { startTime, endTime, actualHash, lastBlockProcessed, blocksPerSecond } = update;
  for (const [field, text] of [
    ['start_time', startTime],
    ['end_time', endTime],
  ] as const) {
    if (text && parseUtc(text) === null) {
      return badField(field, `"${text}" is not a UTC time of the form YYYY-MM-DDTHH:MM:SS`);
    }
  }
  if (actualHash && parseHash(actualHash) === null) {
    return badField('actual_integrity_hash', `"${actualHash}" is not an integrity hash of 64 hex digits`);
  }
  if (lastBlockProcessed != null && !(Number.isSafeInteger(lastBlockProcessed) && lastBlockProcessed >= 0)) {
    return badField('last_block_processed', `${lastBlockProcessed} is not a block number`);
  }
  if (blocksPerSecond != null && !(Number.isFinite(blocksPerSecond) && blocksPerSecond >= 0)) {
    return badField('blocks_per_second', `${blocksPerSecond} is not a rate of 0 or more`);
  }
  return {
    ...update,
    startTime: normalTime(startTime),
    endTime: normalTime(endTime),
    actualHash: actualHash ? parseHash(actualHash) : null,
  };
}

export function badField(field: string, what: string): BadField {
  return { field, reason: `${field}: ${what}` };
}

function normalTime(text: string | null | undefined): string | null {
  const date = text ? parseUtc(text) : null;
  return date && formatUtc(date);
}
