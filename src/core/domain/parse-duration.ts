const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Ten years. */
const MAX_MS = 3650 * 86_400_000;

/** Milliseconds of a time as a person writes it: `90s`, `45m`, `12h`, `30d`; null when it is none. */
export function parseDuration(text: string): number | null {
  const [, number = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text.trim()) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? 0);
  return ms > 0 && ms <= MAX_MS ? ms : null;
}
