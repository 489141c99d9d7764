import { parseObject } from './fields.ts';
import type { Fields } from './fields.ts';

/** Bytes of what a worker tells of one attempt. */
export const EVIDENCE_LIMIT = 256 * 1024;

/** A file that nodeos was given, and what it is called where it came from. */
export interface EvidenceFile {
  name: string;
  from: string;
  bytes: number | null;
}

/** One start of nodeos. */
export interface EvidenceCommand {
  purpose: 'replay' | 'read-only';
  /** Without the program itself. */
  arguments: string[];
  /** The text of its config.ini. */
  config_ini: string;
}

/**
 * What a worker tells of an attempt so that others can repeat it when the host is gone: the body of
 * POST /job/evidence. What it could not tell is null. Locations are without user information and query.
 */
export interface AttemptEvidence {
  replay_version: string | null;
  /** The attempt's folder on the host; paths in the arguments begin with it. */
  directory: string | null;
  host: {
    hostname: string | null;
    os: string | null;
    kernel: string | null;
    arch: string | null;
    cpu_model: string | null;
    cpus: number | null;
    memory_total: number | null;
  };
  nodeos: {
    path: string | null;
    version: string | null;
    /** What `--full-version` says: with the commit it was built from. */
    full_version: string | null;
    product: string | null;
    stand_in: boolean;
    /** Of the program, lower-case hex. */
    sha256: string | null;
    bytes: number | null;
    /** Where its package came from; null: the worker was given the program. */
    package: string | null;
  } | null;
  start: {
    kind: 'snapshot' | 'genesis';
    location: string | null;
    /** Unpacked, as nodeos read it. */
    bytes: number | null;
    /** As stored; it was compared when the file was fetched. */
    sha256: string | null;
  } | null;
  blocks: {
    location: string | null;
    first: number | null;
    last: number | null;
    files: EvidenceFile[];
  } | null;
  peers: string[];
  commands: EvidenceCommand[];
}

const MOST_ITEMS = 2000;

/**
 * Reads what a worker sent. Fields that are missing, unknown or of another type are as if they were not
 * there: it is evidence, and a part of it is better than none.
 * @throws FieldError when it is no JSON object
 */
export function parseEvidence(body: string): AttemptEvidence {
  const fields = parseObject(body);
  const host = objectOf(fields['host']) ?? {};
  const nodeos = objectOf(fields['nodeos']);
  const start = objectOf(fields['start']);
  const blocks = objectOf(fields['blocks']);
  return {
    replay_version: textOf(fields['replay_version']),
    directory: textOf(fields['directory']),
    host: {
      hostname: textOf(host['hostname']),
      os: textOf(host['os']),
      kernel: textOf(host['kernel']),
      arch: textOf(host['arch']),
      cpu_model: textOf(host['cpu_model']),
      cpus: countOf(host['cpus']),
      memory_total: countOf(host['memory_total']),
    },
    nodeos: nodeos && {
      path: textOf(nodeos['path']),
      version: textOf(nodeos['version']),
      full_version: textOf(nodeos['full_version']),
      product: textOf(nodeos['product']),
      stand_in: nodeos['stand_in'] === true,
      sha256: textOf(nodeos['sha256']),
      bytes: countOf(nodeos['bytes']),
      package: textOf(nodeos['package']),
    },
    start: start && {
      kind: start['kind'] === 'genesis' ? 'genesis' : 'snapshot',
      location: textOf(start['location']),
      bytes: countOf(start['bytes']),
      sha256: textOf(start['sha256']),
    },
    blocks: blocks && {
      location: textOf(blocks['location']),
      first: countOf(blocks['first']),
      last: countOf(blocks['last']),
      files: listOf(blocks['files']).flatMap(fileOf),
    },
    peers: textsOf(fields['peers']),
    commands: listOf(fields['commands']).flatMap(commandOf),
  };
}

function fileOf(value: unknown): EvidenceFile[] {
  const { name, from, bytes } = objectOf(value) ?? {};
  return typeof name === 'string' && typeof from === 'string' ? [{ name, from, bytes: countOf(bytes) }] : [];
}

function commandOf(value: unknown): EvidenceCommand[] {
  const { purpose, arguments: args, config_ini: config } = objectOf(value) ?? {};
  if (purpose !== 'replay' && purpose !== 'read-only') return [];
  return [{ purpose, arguments: textsOf(args), config_ini: textOf(config) ?? '' }];
}

function objectOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]).slice(0, MOST_ITEMS) : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function textsOf(value: unknown): string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

function countOf(value: unknown): number | null {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null;
}
