import { parseHash } from '../hash.ts';
import type { StorageType } from '../slice.ts';
import { isVersion } from '../version.ts';
import { isDebLocation, isFileLocation, isFolderLocation } from './location-form.ts';
import { nearest } from '../nearest.ts';

/** nodeos counts blocks in 32 bits. */
const LAST_BLOCK = 2 ** 32 - 1;

/** How a manifest spells the storage types. */
export const STORAGE_TYPES: Readonly<Record<string, StorageType>> = {
  s3: 's3',
  filesystem: 'filesystem',
  fs: 'filesystem',
  http: 'http',
};

interface FieldRule {
  /** Missing, or null, is a mistake. */
  readonly required: boolean;
  /** What is expected; with the value at hand where that helps. */
  expected(value: unknown): string;
  accepts(value: unknown): boolean;
}

function isText(value: unknown, accepts: (text: string) => boolean): boolean {
  return typeof value === 'string' && accepts(value);
}

const blockNumber: FieldRule = {
  required: true,
  expected: () => `an integer from 0 to ${LAST_BLOCK}`,
  accepts: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LAST_BLOCK,
};

const version: FieldRule = {
  required: false,
  expected: () => 'a version such as "5.0.2" or "v1.3.0-rc1"',
  accepts: (value) => isText(value, isVersion),
};

const digest = (of: string): FieldRule => ({
  required: false,
  expected: () => `${of}, 64 hex digits, or ""`,
  accepts: (value) => isText(value, (text) => text === '' || parseHash(text) !== null),
});

/** The fields of a slice, each checked by itself. What they must be together stands in check-slice.ts. */
const FIELDS = {
  start_block_id: blockNumber,
  end_block_id: blockNumber,
  // Whether it fits the storage type, and may be empty, depends on other fields.
  snapshot_path: {
    required: false,
    expected: () => 'a string',
    accepts: (value) => isText(value, () => true),
  },
  storage_type: {
    required: true,
    expected: (value) => `s3, filesystem, fs or http${suggestion(value, Object.keys(STORAGE_TYPES))}`,
    accepts: (value) => isText(value, (text) => Object.hasOwn(STORAGE_TYPES, text)),
  },
  expected_integrity_hash: digest('an integrity hash'),
  leap_version: version,
  spring_version: version,
  nodeos_version: {
    required: false,
    expected: () => 'a version, or the URL or path of a .deb file',
    accepts: (value) => isText(value, (text) => isVersion(text) || isDebLocation(text)),
  },
  nodeos_options: {
    required: false,
    expected: () => 'a list of strings, each one option of nodeos',
    accepts: (value) => Array.isArray(value) && value.every((option) => typeof option === 'string'),
  },
  blocks_path: {
    required: false,
    expected: () => 'the path or URL of a folder',
    accepts: (value) => isText(value, isFolderLocation),
  },
  genesis_path: {
    required: false,
    expected: () => 'the path or URL of a file',
    accepts: (value) => isText(value, isFileLocation),
  },
  snapshot_sha256: digest('a SHA-256'),
} as const satisfies Record<string, FieldRule>;

export type FieldName = keyof typeof FIELDS;

export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

export function ruleOf(name: FieldName): FieldRule {
  return FIELDS[name];
}

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}

function suggestion(value: unknown, candidates: readonly string[]): string {
  const meant = typeof value === 'string' ? nearest(value, candidates) : null;
  return meant === null ? '' : `; did you mean "${meant}"?`;
}
