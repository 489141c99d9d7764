import { ruleOf } from '../domain/manifest/fields.ts';
import { overrideManifest, type Overrides } from '../domain/manifest/override.ts';
import { parseManifest, type CheckNodeosOptions, type ManifestProblem } from '../domain/manifest/parse.ts';
import { resolveSlicePaths } from '../domain/manifest/resolve-paths.ts';
import { showValue } from '../domain/manifest/show-value.ts';
import type { Slice } from '../domain/slice.ts';

/** A manifest that came over HTTP, with what it is to be overridden with. */
export interface AskedManifest extends Overrides {
  readonly text: string;
  /** Relative paths are relative to it: an absolute path, or the URL of a folder. */
  readonly folder: string;
}

export type CheckedManifest =
  | {
      ok: true;
      /** With the overrides in it. */
      text: string;
      /** With their paths resolved. */
      slices: Slice[];
      warnings: ManifestProblem[];
    }
  | { ok: false; problems: ManifestProblem[] };

/** Finds all mistakes of the manifest and of its overrides; lines are those of the text that came. */
export function checkManifest(asked: AskedManifest, checkOptions: CheckNodeosOptions): CheckedManifest {
  const given = parseManifest(asked.text, checkOptions);
  const problems = [...problemsOfOverrides(asked, checkOptions), ...(given.ok ? [] : given.problems)];
  if (problems.length > 0 || !given.ok) return { ok: false, problems };
  const text = overrideManifest(asked.text, asked);
  const parsed = text === asked.text ? given : parseManifest(text, checkOptions);
  const withoutLines = (found: ManifestProblem): ManifestProblem =>
    text === asked.text ? found : { ...found, line: null };
  if (!parsed.ok) return { ok: false, problems: parsed.problems.map(withoutLines) };
  const slices = resolveSlicePaths(parsed.slices, asked.folder);
  return { ok: true, text, slices, warnings: parsed.warnings.map(withoutLines) };
}

function problemsOfOverrides(
  { nodeosVersion: version, nodeosOptions: options }: Overrides,
  checkOptions: CheckNodeosOptions,
): ManifestProblem[] {
  const common = { code: 'bad-value', sliceId: null, line: null } as const;
  const rule = ruleOf('nodeos_version');
  const isUsable = version === null || rule.accepts(version);
  const versions = isUsable
    ? []
    : [{ field: 'nodeos_version', value: version, message: gotExpected(version, rule.expected(version)) }];
  const wrong = checkOptions([...options]).map((message) => ({
    field: 'nodeos_options',
    value: options,
    message,
  }));
  return [...versions, ...wrong].map((problem) => ({ ...common, ...problem }));
}

function gotExpected(value: unknown, expected: string): string {
  return `got ${showValue(value)}; expected ${expected}`;
}
