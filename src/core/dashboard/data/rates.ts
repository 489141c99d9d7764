import { isHeld } from '../../domain/transition.ts';
import { orchestratorTime } from './clock.ts';
import { onJobChange } from './store.ts';

/** How fast an attempt was, as its host told it. */
export interface Rates {
  attempt: number;
  /** Seconds since 1970, when it was heard. */
  times: readonly number[];
  values: readonly (number | null)[];
}

/** Points of one attempt, and attempts: so much of it is kept. */
const MOST_POINTS = 720;
const MOST_JOBS = 400;

const heard = new Map<number, Rates>();

/** When the listening began: what was before is not known. */
export const listeningSince = new Date();

/** Of the attempt that is heard of, or was last; null: nothing was heard since the dashboard was opened. */
export function ratesOf(jobId: number, attempt: number): Rates | null {
  const rates = heard.get(jobId);
  return rates?.attempt === attempt ? rates : null;
}

onJobChange(({ job_id: jobId, attempt, status, blocks_per_second: rate }) => {
  if (!isHeld(status) || rate === null) return;
  const before = heard.get(jobId);
  const { times, values } = before?.attempt === attempt ? before : { times: [], values: [] };
  const time = Math.floor(orchestratorTime.peek() / 1000);
  if ((times.at(-1) ?? 0) >= time) return;
  // The newest is at the end of the map.
  heard.delete(jobId);
  heard.set(jobId, thinned({ attempt, times: [...times, time], values: [...values, rate] }));
  for (const oldest of heard.keys()) {
    if (heard.size <= MOST_JOBS) break;
    heard.delete(oldest);
  }
});

/** Of too many points every second one goes: the whole attempt stays in sight. */
function thinned(rates: Rates): Rates {
  const { attempt, times, values } = rates;
  if (times.length <= MOST_POINTS) return rates;
  const stays = (_: unknown, at: number): boolean => at % 2 === 0 || at === times.length - 1;
  return { attempt, times: times.filter(stays), values: values.filter(stays) };
}
