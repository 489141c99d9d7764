import type { Slice } from '../slice.ts';
import { checkChain } from './check-chain.ts';
import { checkSlice } from './check-slice.ts';
import type { CheckNodeosOptions } from './check-slice.ts';
import { locateSlices } from './locate.ts';
import type { Finding, ManifestProblem } from './problem.ts';
import { findRepeatedKeys, hasRepeatedKeys } from './repeated-keys.ts';
import { showValue } from './show-value.ts';
import { explainSyntax } from './syntax.ts';
import { warnOf } from './warn-chain.ts';

export type { CheckNodeosOptions } from './check-slice.ts';
export type { ManifestProblem } from './problem.ts';

export type ParsedManifest =
  | { ok: true; slices: Slice[]; warnings: ManifestProblem[] }
  | { ok: false; problems: ManifestProblem[] };

/**
 * Reads a manifest, the JSON list of slices that the older service also takes, and finds all of its
 * mistakes at once. Paths stay as written (see resolve-paths.ts).
 *
 * @param checkNodeosOptions what is allowed on nodeos's command line is the business of src/nodeos.
 */
export function parseManifest(
  text: string,
  checkNodeosOptions: CheckNodeosOptions = () => [],
): ParsedManifest {
  try {
    return parseJson(withoutMark(text), checkNodeosOptions);
  } catch (error) {
    if (isOutOfStack(error)) return { ok: false, problems: [TOO_DEEP] };
    throw error;
  }
}

const TOO_DEEP: ManifestProblem = {
  code: 'syntax',
  sliceId: null,
  line: null,
  field: null,
  value: undefined,
  message: 'lists and objects are nested too deeply; expected a list of slices, [ {…}, … ]',
};

/** All that walks through nested values calls itself. */
function isOutOfStack(error: unknown): boolean {
  return error instanceof RangeError && /stack/i.test(error.message);
}

function parseJson(json: string, checkNodeosOptions: CheckNodeosOptions): ParsedManifest {
  const read = readJson(json);
  if (read === null) return { ok: false, problems: [explainSyntax(json)] };
  const list = checkList(read.value);
  if (!Array.isArray(list)) return { ok: false, problems: [list] };
  const { slices, findings } = checkSlices(list, checkNodeosOptions);
  const repeated = hasRepeatedKeys(json, read.value) ? findRepeatedKeys(json) : [];
  const problems = [...repeated, ...addLines(json, [...findings, ...checkChain(slices)])];
  if (problems.length > 0) return { ok: false, problems: problems.toSorted(inFileOrder) };
  return { ok: true, slices, warnings: addLines(json, warnOf(slices)) };
}

/** Some editors put a byte order mark at the start of a file; JSON.parse refuses it. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function readJson(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function checkList(value: unknown): unknown[] | ManifestProblem {
  if (Array.isArray(value) && value.length > 0) return value;
  const common = { sliceId: null, line: 1, field: null, value };
  return Array.isArray(value)
    ? { ...common, code: 'no-slices', message: 'the list is empty; expected at least one slice' }
    : {
        ...common,
        code: 'not-a-list',
        message: `got ${showValue(value)}; expected a list of slices, [ {…}, … ]`,
      };
}

function checkSlices(
  list: readonly unknown[],
  checkNodeosOptions: CheckNodeosOptions,
): { slices: Slice[]; findings: Finding[] } {
  const slices: Slice[] = [];
  const findings: Finding[] = [];
  for (const [index, raw] of list.entries()) {
    const checked = checkSlice(raw, index + 1, checkNodeosOptions);
    if (checked.slice === null) for (const finding of checked.findings) findings.push(finding);
    else slices.push(checked.slice);
  }
  return { slices, findings };
}

/** The line of the field, or of the slice when the field is not there. */
function addLines(text: string, findings: readonly Finding[]): ManifestProblem[] {
  if (findings.length === 0) return [];
  const wanted = new Set(findings.map(({ sliceId }) => sliceId));
  const places = locateSlices(text, (sliceId) => wanted.has(sliceId));
  return findings.map((finding) => {
    const place = finding.sliceId === null ? undefined : places.get(finding.sliceId);
    const field = finding.field === null ? undefined : place?.fields.get(finding.field)?.at(-1);
    return { ...finding, line: field?.line ?? place?.line ?? null };
  });
}

function inFileOrder(a: ManifestProblem, b: ManifestProblem): number {
  return (a.sliceId ?? 0) - (b.sliceId ?? 0) || (a.line ?? 0) - (b.line ?? 0);
}
