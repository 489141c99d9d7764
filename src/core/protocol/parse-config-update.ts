import type { VersionField } from '../domain/slice.ts';
import { FieldError, blockNumber, hash, present, text, type Fields } from './fields.ts';

/** POST /config: the snapshot at this block has this hash. */
export interface ConfigUpdate {
  endBlock: number;
  hash: string;
  /** Given by the caller to narrow the match; else null. */
  version: { field: VersionField; version: string } | null;
}

/** @throws FieldError that names the field */
export function parseConfigUpdate(fields: Fields): ConfigUpdate {
  const endBlock = blockNumber(fields, 'end_block_num');
  if (endBlock === undefined) throw new FieldError('end_block_num is required');
  const name = present(fields, 'integrity_hash') === undefined ? 'expected_integrity_hash' : 'integrity_hash';
  const value = hash(fields, name);
  if (value === undefined) throw new FieldError('integrity_hash is required: 64 hex digits');
  return { endBlock, hash: value, version: version(fields) };
}

function version(fields: Fields): ConfigUpdate['version'] {
  for (const field of ['leap_version', 'spring_version'] as const) {
    const value = text(fields, field, 100);
    if (value) return { field, version: value };
  }
  return null;
}
