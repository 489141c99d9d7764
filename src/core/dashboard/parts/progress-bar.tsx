import { formatPercent } from '../../format/bar.ts';
import type { Standing } from '../data/standing.ts';

/** A small bar, with its share in words beside it. */
export function ProgressBar({ share, standing }: { share: number; standing: Standing }) {
  const width = Math.round(share * 1000) / 10;
  return (
    <span class="small-bar">
      <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        <rect class={`s-${standing}`} width={width} height="1" />
      </svg>
      <span class="number">{formatPercent(share)}</span>
    </span>
  );
}
