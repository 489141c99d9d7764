import { formatDuration } from './duration.ts';

/** A measured length of time for people: tenths of a second below a minute (`0.3 s`), else as formatDuration. */
export function formatSpan(ms: number): string {
  // 59.95 s would be shown as 60.0 s.
  return ms < 59_950 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms);
}
