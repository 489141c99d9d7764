const DIGITS = 12;
const PATTERN = new RegExp(`^\\{"lines":"(\\d{${DIGITS}})"\\}$`, 'u');

/**
 * The first line of a file: how many lines after it are known to be on disk. It always has the same
 * length, and is overwritten in place. Without it nobody could tell a file that was cut from one that
 * never had more.
 */
export function headJson(lines: number): string {
  return `{"lines":"${String(lines).padStart(DIGITS, '0')}"}`;
}

/** The number in a first line; null when it is none. */
export function parseHead(json: string): number | null {
  const digits = PATTERN.exec(json)?.[1];
  return digits === undefined ? null : Number(digits);
}
