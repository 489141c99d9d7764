import { CAUSES } from '../../domain/cause.ts';
import { JOB_STATUSES, STAGES, VERDICTS } from '../../domain/job.ts';
import type { ConfigRecord } from '../config-record.ts';
import type { AttemptRecord, FullJobRecord, JobRecord, JobUpdate, LateResultRecord } from '../full-record.ts';
import type { JobRatesRecord } from '../job-rates-record.ts';
import type { JobTable } from '../job-row.ts';
import {
  BOOLEAN,
  described,
  HASH,
  INTEGER,
  list,
  NUMBER,
  nullable,
  oneOf,
  oneOfAtLeast,
  partial,
  record,
  ref,
  STRING,
  TIME,
  type FieldsOf,
  type Schemas,
} from './schema.ts';

const EXPECTED = described(
  { anyOf: [HASH, { type: 'string', enum: [''] }, { type: 'null' }] },
  'Not known: as the manifest has it, an empty text or null.',
);

const JOB_FIELDS: FieldsOf<JobRecord> = {
  job_id: INTEGER,
  replay_slice_id: INTEGER,
  snapshot_path: STRING,
  storage_type: STRING,
  leap_version: STRING,
  spring_version: STRING,
  start_block_num: INTEGER,
  end_block_num: INTEGER,
  status: ref('JobStatus'),
  last_block_processed: INTEGER,
  start_time: TIME,
  end_time: nullable(TIME),
  expected_integrity_hash: EXPECTED,
  actual_integrity_hash: nullable(HASH),
};

const OUTCOME = nullable(oneOf(['COMPLETE', 'ERROR', 'TIMEOUT', 'RETURNED']));

export const JOB_SCHEMAS = {
  JobRates: record<JobRatesRecord>({
    job_id: INTEGER,
    attempt: nullable(INTEGER),
    since: TIME,
    times: list(INTEGER),
    blocks_per_second: list(NUMBER),
  }),
  JobStatus: oneOf(JOB_STATUSES),
  Verdict: oneOf(VERDICTS),
  Cause: oneOfAtLeast(CAUSES),
  Stage: oneOfAtLeast(STAGES),
  Outcome: described(OUTCOME, 'null while it lasts'),
  StageTimes: {
    type: 'object',
    description: 'Milliseconds in each stage that was reached.',
    properties: Object.fromEntries(STAGES.map((stage) => [stage, NUMBER])),
  },
  Job: record<JobRecord>(JOB_FIELDS, {
    description: 'One of the two version keys is there.',
    optional: ['leap_version', 'spring_version'],
  }),
  FullJob: record<FullJobRecord>(
    {
      ...JOB_FIELDS,
      verdict: nullable(ref('Verdict')),
      attempt: INTEGER,
      max_attempts: nullable(INTEGER),
      worker_id: nullable(STRING),
      instance_id: nullable(STRING),
      lease_expires_at: nullable(TIME),
      lease_seconds: NUMBER,
      retry_at: nullable(TIME),
      avoided_workers: list(STRING),
      stage: nullable(ref('Stage')),
      error_message: nullable(STRING),
      error_cause: nullable(ref('Cause')),
      blocks_per_second: nullable(NUMBER),
      eta: nullable(TIME),
      stage_times: ref('StageTimes'),
      nodeos_version: nullable(STRING),
      known_integrity_hash: EXPECTED,
      manifest_nodeos_version: nullable(STRING),
      nodeos_options: list(STRING),
      blocks_path: nullable(STRING),
      genesis_path: nullable(STRING),
      snapshot_sha256: nullable(STRING),
      attempts: list(ref('Attempt')),
    },
    { optional: ['leap_version', 'spring_version'] },
  ),
  Attempt: record<AttemptRecord>({
    number: INTEGER,
    worker_id: nullable(STRING),
    instance_id: nullable(STRING),
    start_time: TIME,
    end_time: nullable(TIME),
    outcome: ref('Outcome'),
    error_cause: nullable(ref('Cause')),
    error_message: nullable(STRING),
    last_block_processed: INTEGER,
    actual_integrity_hash: nullable(HASH),
    nodeos_version: nullable(STRING),
    stage_times: ref('StageTimes'),
    late_results: list(ref('LateResult')),
  }),
  JobTable: record<JobTable>({
    columns: described(list(STRING), 'Names of fields of a FullJob. More may come.'),
    rows: list({ type: 'array' }),
  }),
  LateResult: record<LateResultRecord>({
    at: TIME,
    status: oneOf(['COMPLETE', 'ERROR']),
    actual_integrity_hash: nullable(HASH),
    error_cause: nullable(ref('Cause')),
    error_message: nullable(STRING),
  }),
  JobUpdate: {
    ...partial<JobUpdate>(
      {
        status: described(oneOf([...JOB_STATUSES, 'SNAPSHOT_LOADING']), 'Where the job is now.'),
        last_block_processed: described(
          { anyOf: [INTEGER, { type: 'string', pattern: '^\\d{1,15}$' }, { type: 'null' }] },
          'A number, or its digits.',
        ),
        start_time: described(nullable(STRING), 'With STARTED. ISO 8601; without a zone it is UTC.'),
        claim_id: described(nullable(STRING), 'With STARTED: the same when a claim is sent again.'),
        end_time: described(nullable(STRING), 'ISO 8601; without a zone it is UTC.'),
        actual_integrity_hash: described(nullable(STRING), '64 hex digits. COMPLETE needs it.'),
        error_message: nullable(STRING),
        error_cause: nullable(ref('Cause')),
        instance_id: nullable(STRING),
        stage: nullable(ref('Stage')),
        blocks_per_second: nullable(NUMBER),
        nodeos_version: nullable(STRING),
        stage_times: nullable(ref('StageTimes')),
      },
      ['status'],
    ),
    description: 'Anything else is ignored: the whole record may be sent back.',
  },
  Config: record<ConfigRecord>(
    {
      replay_slice_id: INTEGER,
      start_block_id: INTEGER,
      end_block_id: INTEGER,
      snapshot_path: STRING,
      storage_type: STRING,
      expected_integrity_hash: EXPECTED,
      leap_version: STRING,
      spring_version: STRING,
    },
    { optional: ['leap_version', 'spring_version'] },
  ),
  Error: {
    type: 'object',
    required: ['error'],
    properties: {
      error: record<{ code: string; message: string; hint: string | null }>({
        code: described(STRING, 'Stable; the message and the hint are for people.'),
        message: STRING,
        hint: nullable(STRING),
      }),
    },
  },
  HostAnswer: record<{ set_aside: boolean }>({ set_aside: BOOLEAN }),
} satisfies Schemas;
