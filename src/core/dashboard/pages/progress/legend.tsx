import { STANDING_NAMES, STANDINGS } from '../../data/standing.ts';
import { StandingMark } from '../../parts/standing.tsx';

/** What the colours mean. */
export function Legend() {
  return (
    <ul class="legend" aria-label="What the colours mean">
      {STANDINGS.toReversed().map((standing) => (
        <li key={standing}>
          <StandingMark standing={standing} /> {STANDING_NAMES[standing]}
        </li>
      ))}
    </ul>
  );
}
