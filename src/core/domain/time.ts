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

/**
 * Seconds since 1970 of a time in the form of `formatUtc`, to be read a hundred thousand times a second;
 * NaN for any other form.
 */
export function utcSeconds(text: string): number {
  if (text.length !== 19) return NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const time = digits(text, 11, 13) * 3600 + digits(text, 14, 16) * 60 + digits(text, 17, 19);
  return daysTo(year, month, digits(text, 8, 10)) * 86_400 + time;
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Days from 1 January 1970. The year is taken to begin in March, so that the leap day is its last. */
function daysTo(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return y * 365 + leapDays + dayOfYear - 719_468;
}
