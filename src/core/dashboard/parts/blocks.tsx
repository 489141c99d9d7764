import { formatCount } from '../../format/count.ts';

/** A range of blocks: `1,000 – 2,000`. */
export function Blocks({ from, to }: { from: number; to: number }) {
  return (
    <span class="blocks">
      <span class="visually-hidden">blocks </span>
      {formatCount(from)} – {formatCount(to)}
    </span>
  );
}
