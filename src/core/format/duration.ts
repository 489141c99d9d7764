/** A length of time for people, two units at most: `8 s`, `3 min 20 s`, `5 h 07 min`, `2 d 04 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return pair(seconds, 60, 'min', 1, 's');
  if (seconds < 86_400) return pair(seconds, 3600, 'h', 60, 'min');
  return pair(seconds, 86_400, 'd', 3600, 'h');
}

function pair(seconds: number, major: number, majorName: string, minor: number, minorName: string): string {
  const rest = Math.floor((seconds % major) / minor);
  return `${Math.floor(seconds / major)} ${majorName} ${String(rest).padStart(2, '0')} ${minorName}`;
}
