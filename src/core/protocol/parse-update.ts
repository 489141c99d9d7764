import { CAUSES } from '../domain/cause.ts';
import { JOB_STATUSES, STAGES, type JobStatus, type StageTimes } from '../domain/job.ts';
import { parseStatus, type JobUpdateInput } from '../domain/transition.ts';
import {
  FieldError,
  amount,
  blockNumber,
  describe,
  hash,
  oneOf,
  present,
  text,
  utcTime,
  type Fields,
} from './fields.ts';

/** Characters kept of what a worker says about a failure. */
const MAX_MESSAGE = 8000;
const MAX_NAME = 200;

/**
 * The fields that POST /job takes (PROTOCOL section 3); everything else is ignored, so that a client
 * may send the whole record back.
 * @throws FieldError that names the field
 */
export function parseUpdate(fields: Fields): JobUpdateInput {
  const status = statusOf(fields);
  return withoutUndefined({
    status,
    lastBlockProcessed: blockNumber(fields, 'last_block_processed'),
    startTime: status === 'STARTED' ? utcTime(fields, 'start_time') : undefined,
    claimId: status === 'STARTED' ? text(fields, 'claim_id', MAX_NAME) : undefined,
    endTime: utcTime(fields, 'end_time'),
    actualHash: hash(fields, 'actual_integrity_hash'),
    errorMessage: text(fields, 'error_message', MAX_MESSAGE),
    errorCause: oneOf(fields, 'error_cause', CAUSES),
    instanceId: text(fields, 'instance_id', MAX_NAME),
    stage: oneOf(fields, 'stage', STAGES),
    blocksPerSecond: amount(fields, 'blocks_per_second'),
    nodeosVersion: text(fields, 'nodeos_version', MAX_NAME),
    stageTimes: parseStageTimes(fields),
  });
}

function statusOf(fields: Fields): JobStatus {
  const value = present(fields, 'status');
  if (value === undefined) throw new FieldError('status is required');
  const status = typeof value === 'string' ? parseStatus(value) : null;
  if (status === null) {
    throw new FieldError(`status must be one of ${JOB_STATUSES.join(', ')}, and is ${describe(value)}`);
  }
  return status;
}

function parseStageTimes(fields: Fields): StageTimes | undefined {
  const value = present(fields, 'stage_times');
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new FieldError(`stage_times must be an object, and is ${describe(value)}`);
  }
  const times: StageTimes = {};
  for (const [stage, milliseconds] of Object.entries(value as Fields)) {
    const known = STAGES.find((candidate) => candidate === stage);
    if (!known || typeof milliseconds !== 'number' || !Number.isFinite(milliseconds) || milliseconds < 0) {
      throw new FieldError(
        `stage_times must give milliseconds for the stages ${STAGES.join(', ')}, and has ${describe(stage)}: ${describe(milliseconds)}`,
      );
    }
    times[known] = milliseconds;
  }
  return times;
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
