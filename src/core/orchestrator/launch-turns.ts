import type { LaunchTurnAnswer, LaunchTurnRequest } from '../protocol/launch-turn.ts';
import type { MonotonicClock } from './clock.ts';

/** Nobody has so many fleets. Whoever may launch could name any. */
const MOST_FLEETS = 100;

interface Turn {
  readonly token: string;
  readonly by: string | null;
  /** On the monotonic clock. */
  readonly until: number;
}

/**
 * Whose turn it is to launch hosts of a fleet: two that look at the fleet at the same time would each launch for
 * the same need, and each spend the same budget. In memory: after a restart it is nobody's.
 */
export class LaunchTurns {
  readonly #clock: Pick<MonotonicClock, 'now'>;
  readonly #turns = new Map<string, Turn>();

  constructor(clock: Pick<MonotonicClock, 'now'>) {
    this.#clock = clock;
  }

  /** @param by who asks */
  ask({ fleet, token, seconds }: LaunchTurnRequest, by: string | null): LaunchTurnAnswer {
    const now = this.#clock.now();
    for (const [name, { until }] of this.#turns) if (until <= now) this.#turns.delete(name);
    const turn = this.#turns.get(fleet);
    const left = turn === undefined ? 0 : Math.ceil((turn.until - now) / 1000);
    if (turn !== undefined && turn.token !== token) return { granted: false, by: turn.by, seconds: left };
    if (seconds === 0) this.#turns.delete(fleet);
    else if (turn !== undefined || this.#turns.size < MOST_FLEETS) {
      this.#turns.set(fleet, { token, by, until: now + seconds * 1000 });
    } else return { granted: false, by: null, seconds: 1 };
    return { granted: true, by, seconds };
  }
}
