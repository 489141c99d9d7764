import { formatCount } from '../../format/count.ts';

/** `1 host`, `2 hosts`. */
export function hostsOf(count: number): string {
  return count === 1 ? '1 host' : `${formatCount(count)} hosts`;
}
