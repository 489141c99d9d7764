import type { AttemptEvidence, EvidenceCommand, EvidenceFile } from '../attempt-evidence.ts';
import { BOOLEAN, INTEGER, list, nullable, oneOf, record, ref, STRING, type Schemas } from './schema.ts';

export const EVIDENCE_SCHEMAS = {
  AttemptEvidence: record<AttemptEvidence>({
    replay_version: nullable(STRING),
    directory: nullable(STRING),
    host: ref('EvidenceHost'),
    nodeos: nullable(ref('EvidenceNodeos')),
    start: nullable(ref('EvidenceStart')),
    blocks: nullable(ref('EvidenceBlocks')),
    peers: list(STRING),
    commands: list(ref('EvidenceCommand')),
  }),
  EvidenceHost: record<AttemptEvidence['host']>({
    hostname: nullable(STRING),
    os: nullable(STRING),
    kernel: nullable(STRING),
    arch: nullable(STRING),
    cpu_model: nullable(STRING),
    cpus: nullable(INTEGER),
    memory_total: nullable(INTEGER),
  }),
  EvidenceNodeos: record<NonNullable<AttemptEvidence['nodeos']>>({
    path: nullable(STRING),
    version: nullable(STRING),
    full_version: nullable(STRING),
    product: nullable(STRING),
    stand_in: BOOLEAN,
    sha256: nullable(STRING),
    bytes: nullable(INTEGER),
    package: nullable(STRING),
  }),
  EvidenceStart: record<NonNullable<AttemptEvidence['start']>>({
    kind: oneOf(['snapshot', 'genesis']),
    location: nullable(STRING),
    bytes: nullable(INTEGER),
    sha256: nullable(STRING),
  }),
  EvidenceBlocks: record<NonNullable<AttemptEvidence['blocks']>>({
    location: nullable(STRING),
    first: nullable(INTEGER),
    last: nullable(INTEGER),
    files: list(ref('EvidenceFile')),
  }),
  EvidenceFile: record<EvidenceFile>({ name: STRING, from: STRING, bytes: nullable(INTEGER) }),
  EvidenceCommand: record<EvidenceCommand>({
    purpose: oneOf(['replay', 'read-only']),
    arguments: list(STRING),
    config_ini: STRING,
  }),
} satisfies Schemas;
