import { STANDING_MARKS, STANDING_NAMES, type Standing } from '../data/standing.ts';

/** A standing as colour, mark and words. */
export function StandingBadge({ standing, short = false }: { standing: Standing; short?: boolean }) {
  return (
    <span class="standing">
      <StandingMark standing={standing} />
      <span class={short ? 'visually-hidden' : undefined}>{STANDING_NAMES[standing]}</span>
    </span>
  );
}

/** Colour and mark alone; the words stand beside it. */
export function StandingMark({ standing }: { standing: Standing }) {
  return (
    <span class={`mark s-${standing}`} aria-hidden="true">
      {STANDING_MARKS[standing]}
    </span>
  );
}
