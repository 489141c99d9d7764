/** Date, `T` or a space, time, an optional fraction, then nothing, `Z` or an offset such as `+02:00`. */
const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

/** `YYYY-MM-DDTHH:MM:SS` in UTC, the form of every time on the wire and in the store. Fractions are cut off. */
export function formatUtc(date: Date): string {
  return date.toISOString().slice(0, 19);
}

/**
 * Reads a time as clients write it. Without a zone it is UTC.
 *
 * @returns null when it is no time, a day that does not exist (30 February) included.
 */
export function parseUtc(text: string): Date | null {
  const match = TIME.exec(text.trim());
  if (match === null) return null;
  const [, day, time, , zone] = match;
  const date = new Date(`${day}T${time}${zone ?? 'Z'}`);
  if (Number.isNaN(date.getTime())) return null;
  return dayExists(day ?? '') ? date : null;
}

/** JavaScript reads 30 February as 1 or 2 March instead of refusing it. */
function dayExists(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && formatUtc(date).startsWith(day);
}
