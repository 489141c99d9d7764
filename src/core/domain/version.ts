import type { Slice, VersionField } from './slice.ts';

/** `5.0.2`, `v1.0.2`, `v1.3.0-rc1`: how the releases of Leap and Spring are tagged, the v being optional. */
const VERSION = /^v?\d+\.\d+\.\d+(?:-[0-9A-Za-z][0-9A-Za-z.-]*)?$/;

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Without the leading v, which says nothing: `v1.0.2` and `1.0.2` are one version. */
export function bareVersion(text: string): string {
  // Most versions have none, and this is asked for several times a slice.
  return text.startsWith('v') ? text.replace(/^v(?=\d)/, '') : text;
}

/** First number of a version; null when the text is none. */
export function majorOf(version: string): number | null {
  return isVersion(version) ? Number(bareVersion(version).split('.')[0]) : null;
}

export function productOfField(field: VersionField): 'leap' | 'spring' {
  return field === 'leap_version' ? 'leap' : 'spring';
}

/**
 * What two slices must have in common so that a hash of the one says something of the other. Hashes
 * of different versions for the same block differ, so a hash counts only with the version that made it.
 */
export function versionKey(slice: Pick<Slice, 'versionField' | 'version' | 'nodeosVersion'>): string {
  const named = `${productOfField(slice.versionField)} ${bareVersion(slice.version)}`;
  const { nodeosVersion } = slice;
  if (nodeosVersion === null || bareVersion(nodeosVersion) === bareVersion(slice.version)) return named;
  return `${named} as ${isVersion(nodeosVersion) ? bareVersion(nodeosVersion) : nodeosVersion}`;
}

/**
 * Two versions that nodeos reported of itself contradict each other when both are known and differ.
 * Silence contradicts nothing: older clients do not report a version.
 */
export function contradict(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && bareVersion(one) !== bareVersion(other);
}
