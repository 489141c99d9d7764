import { AttemptFailure } from '../core/domain/attempt-failure.ts';

/** The two families of nodeos. They share the command line and differ in log lines, options and state hash. */
export type Product = 'leap' | 'spring';

/** `v1.2.2`, `5.0.3`, `1.0.0-rc3`: three numbers, perhaps a `v` before and a suffix after. */
const VERSION = /^v?(\d+)\.(\d+)\.(\d+)([-+~][0-9A-Za-z.+~-]+)?$/;

export interface NodeosVersion {
  /** Without the leading `v`: `1.2.2`. */
  readonly text: string;
  readonly major: number;
  /** What follows the three numbers, e.g. `-rc3`; empty for a release. */
  readonly suffix: string;
}

/** Reads a version as manifests and `nodeos --version` spell it; null when it is none. */
export function parseNodeosVersion(text: string): NodeosVersion | null {
  const match = VERSION.exec(text.trim());
  if (!match) return null;
  const [, major, minor, patch, suffix = ''] = match;
  return { text: `${major}.${minor}.${patch}${suffix}`, major: Number(major), suffix };
}

/**
 * Says which family a version belongs to. The numbering started again with Spring: Leap was 3 to 5,
 * Spring is 1 and 2.
 * @throws AttemptFailure `bad-job` when it is no version, or one of no family that is known.
 */
export function productOf(version: string): Product {
  const parsed = parseNodeosVersion(version);
  if (!parsed) {
    throw new AttemptFailure('bad-job', `"${version}" is not a version of nodeos`, {
      hint: 'Write it like 1.2.2 or v5.0.3.',
    });
  }
  if (parsed.major === 1 || parsed.major === 2) return 'spring';
  if (parsed.major >= 3 && parsed.major <= 5) return 'leap';
  throw new AttemptFailure(
    'bad-job',
    `nodeos ${parsed.text} is of no known product: Spring is 1 and 2, Leap is 3 to 5`,
    { hint: 'Correct the version of the slice.' },
  );
}
