import { UserError } from '../user-error.ts';
import { ExitCode } from '../exit-codes.ts';
import type { VersionField } from '../slice.ts';
import { bareVersion } from '../version.ts';
import { formatProblem } from './format-problem.ts';
import { locateSlices } from './locate.ts';
import type { FieldPlace, SlicePlace } from './locate.ts';
import { explainSyntax } from './syntax.ts';

const HASH_FIELD = 'expected_integrity_hash';

/** A hash that was learned for the slices with this range and version. */
export interface HashUpdate {
  readonly startBlock: number;
  readonly endBlock: number;
  readonly versionField: VersionField;
  readonly version: string;
  readonly hash: string;
  /**
   * Position of the slice, from 1. Decides when several slices have this range and version (they then
   * differ in `nodeos_version`); without it all of those get the hash.
   */
  readonly sliceId?: number;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Writes hashes into the text of a manifest and leaves everything else as it is, byte for byte: order,
 * indentation, line ends, byte order mark. The key is added where a slice lacks it. Updates of slices
 * that the text does not contain are left out; of two for one slice the later counts.
 *
 * @throws UserError MANIFEST_INVALID when the text is no longer valid JSON.
 */
export function writeHashes(text: string, updates: readonly HashUpdate[]): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const json = text.slice(mark.length);
  const hashes = hashesBySlice(readEntries(json), updates);
  const places = locateSlices(json, (sliceId) => hashes.has(sliceId));
  const edits = [...places].flatMap(([sliceId, place]) => editFor(json, place, hashes.get(sliceId) ?? ''));
  return mark + applyEdits(json, edits);
}

function readEntries(json: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : [];
  } catch (cause) {
    throw new UserError({
      code: 'MANIFEST_INVALID',
      message: `the manifest has changed, and hashes cannot be written back: ${formatProblem(explainSyntax(json))}`,
      hint: 'Correct the file; what was learned is safe in the data directory.',
      exitCode: ExitCode.invalidInput,
      cause,
    });
  }
}

function hashesBySlice(entries: readonly unknown[], updates: readonly HashUpdate[]): Map<number, string> {
  const sliceIds = Map.groupBy(
    entries.map((_entry, index) => index + 1),
    (sliceId) => keyOfEntry(entries[sliceId - 1]),
  );
  const hashes = new Map<number, string>();
  for (const update of updates) {
    const matching = sliceIds.get(keyOf(update)) ?? [];
    for (const sliceId of matching) if (isMeant(sliceId, matching, update)) hashes.set(sliceId, update.hash);
  }
  return hashes;
}

/** Range and version say it, unless several slices have them: a hash must not reach another build's slice. */
function isMeant(sliceId: number, matching: readonly number[], update: HashUpdate): boolean {
  return matching.length === 1 || update.sliceId === undefined || update.sliceId === sliceId;
}

function keyOf(update: Omit<HashUpdate, 'hash'>): string {
  const { startBlock, endBlock, versionField, version } = update;
  return `${startBlock} ${endBlock} ${versionField} ${bareVersion(version)}`;
}

/** null for what is no slice, or one without a version. */
function keyOfEntry(entry: unknown): string | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const fields = entry as Record<string, unknown>;
  const { start_block_id: startBlock, end_block_id: endBlock } = fields;
  const versionField = typeof fields['leap_version'] === 'string' ? 'leap_version' : 'spring_version';
  const version = fields[versionField];
  if (typeof startBlock !== 'number' || typeof endBlock !== 'number' || typeof version !== 'string')
    return null;
  return keyOf({ startBlock, endBlock, versionField, version });
}

function editFor(json: string, { fields }: SlicePlace, hash: string): Edit[] {
  const value = JSON.stringify(hash);
  const place = fields.get(HASH_FIELD)?.at(-1);
  if (place === undefined) return addKey(json, [...fields.values()].flat(), value);
  const old = json.slice(place.valueStart, place.valueEnd);
  // A hash in capitals is the same hash, and the file's other content is not ours to change.
  if (old.toLowerCase() === value.toLowerCase()) return [];
  return [{ from: place.valueStart, to: place.valueEnd, text: value }];
}

/** After the last field, with the same white space before the key and around the colon as that one has. */
function addKey(json: string, fields: readonly FieldPlace[], value: string): Edit[] {
  const last = fields.toSorted((a, b) => a.keyStart - b.keyStart).at(-1);
  if (last === undefined) return [];
  const before = spaceBefore(json, last.keyStart);
  const colon = json.slice(last.keyEnd, last.valueStart);
  const text = `,${before}"${HASH_FIELD}"${colon}${value}`;
  return [{ from: last.valueEnd, to: last.valueEnd, text }];
}

function spaceBefore(text: string, offset: number): string {
  let start = offset;
  while (start > 0 && ' \t\r\n'.includes(text[start - 1] ?? '')) start -= 1;
  return text.slice(start, offset);
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const edit of edits.toSorted((a, b) => a.from - b.from)) {
    parts.push(text.slice(done, edit.from), edit.text);
    done = edit.to;
  }
  return parts.join('') + text.slice(done);
}
