import { formatBytes } from '../../format/bytes.ts';

interface GaugeProps {
  /** Bytes; null: not known. */
  total: number | null;
  free: number | null;
}

/** From this share on it is said in a colour, too. */
const TIGHT = 0.9;

/** How full a disk or memory is: a bar, and what is free in words. */
export function Gauge({ total, free }: GaugeProps) {
  if (free === null) return <span class="unknown">–</span>;
  const used = total === null || total <= 0 ? null : Math.min(1, Math.max(0, 1 - free / total));
  const isTight = used !== null && used >= TIGHT;
  return (
    <span class="gauge" title={total === null ? undefined : `of ${formatBytes(total)}`}>
      <span class={isTight ? 'tone-warn' : undefined}>
        {isTight && '! '}
        {formatBytes(free)} free
      </span>
      {used !== null && (
        <svg
          class={isTight ? 'tight' : undefined}
          viewBox="0 0 100 1"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <rect width={100 * used} height="1" />
        </svg>
      )}
    </span>
  );
}
