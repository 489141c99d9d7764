import { parseHash } from '../hash.ts';
import type { Slice, StorageType, VersionField } from '../slice.ts';
import { FIELD_NAMES, isFieldName, ruleOf, STORAGE_TYPES } from './fields.ts';
import type { FieldName } from './fields.ts';
import { expectedSnapshotPath } from './location-form.ts';
import { nearest } from '../nearest.ts';
import type { Finding, ProblemCode } from './problem.ts';
import { showValue } from './show-value.ts';

/** Says what is wrong with the options that a slice adds to nodeos's command line; nothing: they are allowed. */
export type CheckNodeosOptions = (options: string[]) => readonly string[];

type Fields = Partial<Record<FieldName, unknown>>;

type CheckedSlice = { slice: Slice; findings: null } | { slice: null; findings: readonly Finding[] };

/** Checks one entry of the manifest by itself and finds all of its mistakes. */
export function checkSlice(raw: unknown, sliceId: number, checkOptions: CheckNodeosOptions): CheckedSlice {
  const findings: Finding[] = [];
  const report: Report = (code, field, value, message) =>
    void findings.push({ code, sliceId, field, value, message });
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    report(
      'not-an-object',
      null,
      raw,
      `got ${showValue(raw)}; expected an object with the fields of a slice`,
    );
    return { slice: null, findings };
  }
  const fields = checkFields(raw as Record<string, unknown>, report);
  checkRange(fields, report);
  checkSnapshotPath(raw as Record<string, unknown>, fields, report);
  checkVersions(raw as Record<string, unknown>, report);
  checkOptionList(fields, checkOptions, report);
  return findings.length > 0
    ? { slice: null, findings }
    : { slice: buildSlice(fields, sliceId), findings: null };
}

type Report = (code: ProblemCode, field: string | null, value: unknown, message: string) => void;

/** The fields that are right by themselves. Null is how generators write "nothing". */
function checkFields(raw: Record<string, unknown>, report: Report): Fields {
  const good: Fields = {};
  for (const [name, value] of Object.entries(raw)) {
    if (!isFieldName(name)) {
      report('unknown-field', name, value, describeUnknown(name));
      continue;
    }
    const rule = ruleOf(name);
    if (value === null && !rule.required) continue;
    if (rule.accepts(value)) good[name] = value;
    else report('bad-value', name, value, gotExpected(value, rule.expected(value)));
  }
  for (const name of FIELD_NAMES) {
    const rule = ruleOf(name);
    if (rule.required && !Object.hasOwn(raw, name)) {
      report('missing-field', name, undefined, `missing; expected ${rule.expected(undefined)}`);
    }
  }
  return good;
}

function describeUnknown(name: string): string {
  const meant = nearest(name, FIELD_NAMES);
  const help = meant === null ? `known are ${FIELD_NAMES.join(', ')}` : `did you mean "${meant}"?`;
  return `unknown field; ${help}`;
}

function gotExpected(value: unknown, expected: string): string {
  return `got ${showValue(value)}; expected ${expected}`;
}

function checkRange({ start_block_id: start, end_block_id: end }: Fields, report: Report): void {
  if (start === undefined || end === undefined || Number(end) > Number(start)) return;
  report(
    'bad-value',
    'end_block_id',
    end,
    gotExpected(end, `more than start_block_id, which is ${Number(start)}`),
  );
}

/** Only a slice from block 0 may do without a snapshot; one that names a snapshot starts from it. */
function checkSnapshotPath(raw: Record<string, unknown>, fields: Fields, report: Report): void {
  const path = fields.snapshot_path;
  if (path === undefined && raw['snapshot_path'] != null) return;
  const { storage_type: written, start_block_id: start } = fields;
  if (path === undefined || path === '') {
    if (start === undefined || start === 0) return;
    const expected = 'the location of a snapshot; only a slice from block 0 may do without one';
    if (Object.hasOwn(raw, 'snapshot_path')) {
      const value = raw['snapshot_path'];
      report('bad-value', 'snapshot_path', value, gotExpected(value, expected));
    } else report('missing-field', 'snapshot_path', undefined, `missing; expected ${expected}`);
    return;
  }
  const storageType = storageTypeOf(written);
  const expected = storageType && typeof path === 'string' && expectedSnapshotPath(storageType, path);
  if (expected) report('bad-value', 'snapshot_path', path, gotExpected(path, expected));
}

function storageTypeOf(written: unknown): StorageType | null {
  return typeof written === 'string' ? (STORAGE_TYPES[written] ?? null) : null;
}

function checkVersions(
  { leap_version: leap, spring_version: spring }: Record<string, unknown>,
  report: Report,
): void {
  if (leap == null && spring == null) {
    report('missing-field', 'leap_version', undefined, 'missing; expected leap_version or spring_version');
  }
  if (leap != null && spring != null) {
    const message = `got ${showValue(spring)} beside leap_version ${showValue(leap)}; expected only one of the two`;
    report('bad-value', 'spring_version', spring, message);
  }
}

function checkOptionList(
  { nodeos_options: options }: Fields,
  check: CheckNodeosOptions,
  report: Report,
): void {
  if (options === undefined) return;
  for (const message of check(options as string[])) report('bad-value', 'nodeos_options', options, message);
}

/** From fields that are known to be right. */
function buildSlice(fields: Fields, sliceId: number): Slice {
  const text = (name: FieldName): string | null => (fields[name] as string | undefined) ?? null;
  const versionField: VersionField = fields.leap_version === undefined ? 'spring_version' : 'leap_version';
  const hash = text('expected_integrity_hash');
  const written = text('storage_type') ?? '';
  return {
    sliceId,
    startBlock: fields.start_block_id as number,
    endBlock: fields.end_block_id as number,
    snapshotPath: text('snapshot_path') ?? '',
    storageTypeAsWritten: written,
    storageType: STORAGE_TYPES[written] ?? 'filesystem',
    versionField,
    version: text(versionField) ?? '',
    knownHash: hash && parseHash(hash),
    nodeosVersion: text('nodeos_version'),
    nodeosOptions: (fields.nodeos_options as string[] | undefined) ?? [],
    blocksPath: text('blocks_path'),
    genesisPath: text('genesis_path'),
    snapshotSha256: parseHash(text('snapshot_sha256') ?? ''),
  };
}
