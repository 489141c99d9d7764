const HASH = /^[0-9a-f]{64}$/;

/**
 * An integrity hash or SHA-256 in its one form: 64 lower-case hex digits. nodeos prints them so;
 * people paste them in capitals.
 *
 * @returns null when the text is no such hash.
 */
export function parseHash(text: string): string | null {
  const lower = text.toLowerCase();
  return HASH.test(lower) ? lower : null;
}
