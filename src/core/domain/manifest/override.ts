import type { VersionField } from '../slice.ts';
import { isVersion, majorOf } from '../version.ts';

/** What a run has otherwise than its manifest says. */
export interface Overrides {
  /** A version, or the location of a .deb file, for every slice; null: as the manifest says. */
  readonly nodeosVersion: string | null;
  /** Added to those of every slice. */
  readonly nodeosOptions: readonly string[];
}

/**
 * The manifest with the overrides in it, as text. A version takes the place of whatever a slice says of
 * versions; a file takes that of `nodeos_version`, since the slice still has to say which version it is.
 *
 * @param text of a manifest without mistakes; without overrides it stays as it is, byte for byte
 */
export function overrideManifest(text: string, { nodeosVersion, nodeosOptions }: Overrides): string {
  if (nodeosVersion === null && nodeosOptions.length === 0) return text;
  const entries = JSON.parse(text.replace(/^\uFEFF/u, '')) as Record<string, unknown>[];
  const changed = entries.map((entry) =>
    withOptions(nodeosVersion === null ? entry : withVersion(entry, nodeosVersion), nodeosOptions),
  );
  return `${JSON.stringify(changed, null, 4)}\n`;
}

type Entry = Record<string, unknown>;

const VERSION_FIELDS = new Set<string>(['leap_version', 'spring_version', 'nodeos_version'] satisfies (
  | VersionField
  | 'nodeos_version'
)[]);

function withVersion(entry: Entry, version: string): Entry {
  if (!isVersion(version)) return { ...entry, nodeos_version: version };
  let isSaid = false;
  const fields = Object.entries(entry).flatMap(([name, value]): [string, unknown][] => {
    if (!VERSION_FIELDS.has(name)) return [[name, value]];
    if (isSaid) return [];
    isSaid = true;
    return [[fieldOf(version), version]];
  });
  return Object.fromEntries(fields);
}

/** Leap began with 3, and Spring has come to 2. */
function fieldOf(version: string): VersionField {
  return (majorOf(version) ?? 0) >= 3 ? 'leap_version' : 'spring_version';
}

function withOptions(entry: Entry, added: readonly string[]): Entry {
  if (added.length === 0) return entry;
  const own = (entry['nodeos_options'] as string[] | null | undefined) ?? [];
  return { ...entry, nodeos_options: [...own, ...added] };
}
