import { formatBytes } from './bytes.ts';
import { formatCount } from './count.ts';

/** Blocks per second for people: `1,240 blocks/s`, `3.2 blocks/s`; `- blocks/s` when it is not known. */
export function formatBlockRate(perSecond: number | null): string {
  if (perSecond === null) return '- blocks/s';
  return `${perSecond >= 9.95 ? formatCount(perSecond) : perSecond.toFixed(1)} blocks/s`;
}

/** Bytes per second for people: `38.1 MiB/s`; `- B/s` when it is not known. */
export function formatByteRate(perSecond: number | null): string {
  return perSecond === null ? '- B/s' : `${formatBytes(perSecond)}/s`;
}
