import type {
  DismissAnswer,
  HostAttemptRecord,
  HostChange,
  HostRecord,
  HostRow,
  HostsEvent,
} from '../host-record.ts';
import type { HostReportRecord } from '../host-report.ts';
import {
  BOOLEAN,
  INTEGER,
  list,
  NUMBER,
  nullable,
  partial,
  record,
  ref,
  STRING,
  TIME,
  type FieldsOf,
  type Schemas,
} from './schema.ts';

const REPORT_FIELDS: FieldsOf<HostReportRecord> = {
  hostname: nullable(STRING),
  instance_id: nullable(STRING),
  version: nullable(STRING),
  os: nullable(STRING),
  arch: nullable(STRING),
  cpus: nullable(INTEGER),
  load: nullable(NUMBER),
  memory_total: nullable(INTEGER),
  memory_free: nullable(INTEGER),
  disk_total: nullable(INTEGER),
  disk_free: nullable(INTEGER),
  started_at: nullable(TIME),
  uptime_seconds: nullable(INTEGER),
  price_per_hour: nullable(NUMBER),
};

const ROW_FIELDS: FieldsOf<HostRow> = {
  ...REPORT_FIELDS,
  worker_id: STRING,
  first_seen: TIME,
  last_heard: TIME,
  is_seen: BOOLEAN,
  set_aside: BOOLEAN,
  job_id: nullable(INTEGER),
  replay_slice_id: nullable(INTEGER),
  status: nullable(ref('JobStatus')),
  stage: nullable(ref('Stage')),
  blocks_per_second: nullable(NUMBER),
  hours: NUMBER,
  cost_usd: nullable(NUMBER),
  attempts_complete: INTEGER,
  attempts_failed: INTEGER,
};

export const HOST_SCHEMAS = {
  HostReport: partial<HostReportRecord>(REPORT_FIELDS),
  Host: record<HostRecord>({
    ...ROW_FIELDS,
    seconds_since_heard: NUMBER,
    attempts: list(ref('HostAttempt')),
  }),
  HostChange: partial<HostChange>(ROW_FIELDS, ['worker_id']),
  HostsEvent: record<HostsEvent>({
    at: TIME,
    all: BOOLEAN,
    hosts: list(ref('HostChange')),
    gone: list(STRING),
  }),
  HostAttempt: record<HostAttemptRecord>({
    job_id: INTEGER,
    replay_slice_id: INTEGER,
    attempt: INTEGER,
    start_time: TIME,
    end_time: nullable(TIME),
    outcome: ref('Outcome'),
    error_cause: nullable(ref('Cause')),
  }),
  SelfCheck: {
    type: 'object',
    required: ['ok'],
    properties: {
      ok: BOOLEAN,
      findings: list(STRING),
      checks: list({
        type: 'object',
        properties: { name: STRING, ok: BOOLEAN, message: nullable(STRING) },
      }),
    },
  },
  DismissRequest: record<{ worker_ids: string[] }>({ worker_ids: list(STRING) }),
  DismissAnswer: record<DismissAnswer>({
    dismissed: list(STRING),
    at_work: list(record<DismissAnswer['at_work'][number]>({ worker_id: STRING, job_id: INTEGER })),
  }),
} satisfies Schemas;
