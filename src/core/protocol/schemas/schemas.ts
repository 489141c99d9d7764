import { COMPARISON_SCHEMAS } from './comparison.ts';
import { EVIDENCE_SCHEMAS } from './evidence.ts';
import { FLEET_SCHEMAS } from './fleet.ts';
import { HOST_SCHEMAS } from './host.ts';
import { JOB_SCHEMAS } from './job.ts';
import { JOIN_SCHEMAS } from './join.ts';
import { LOG_SCHEMAS } from './log.ts';
import { RUN_SCHEMAS } from './run.ts';
import type { Schemas } from './schema.ts';

/** Every schema that has a name, and so can be referred to. */
export const SCHEMAS: Schemas = {
  ...JOB_SCHEMAS,
  ...LOG_SCHEMAS,
  ...EVIDENCE_SCHEMAS,
  ...RUN_SCHEMAS,
  ...HOST_SCHEMAS,
  ...FLEET_SCHEMAS,
  ...JOIN_SCHEMAS,
  ...COMPARISON_SCHEMAS,
};
