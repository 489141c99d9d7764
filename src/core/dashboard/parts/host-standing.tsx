import { HOST_STANDING_MARKS, HOST_STANDING_NAMES, type HostStanding } from '../data/host-standing.ts';
import type { Standing } from '../data/standing.ts';

/** Those of jobs that call for as much attention. */
const COLOURS: Record<HostStanding, Standing> = {
  aside: 'mismatch',
  silent: 'unverifiable',
  idle: 'waiting',
  working: 'running',
};

/** How a host stands, as colour, mark and words. */
export function HostBadge({ standing }: { standing: HostStanding }) {
  return (
    <span class="standing">
      <HostMark standing={standing} />
      {HOST_STANDING_NAMES[standing]}
    </span>
  );
}

/** Colour and mark alone; the words stand beside it. */
export function HostMark({ standing }: { standing: HostStanding }) {
  return (
    <span class={`mark s-${COLOURS[standing]}`} aria-hidden="true">
      {HOST_STANDING_MARKS[standing]}
    </span>
  );
}
