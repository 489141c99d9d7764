import type { Clock } from '../clock.ts';

/** A timer of more than 2^31 ms goes off at once. */
const AT_MOST_MS = 12 * 3_600_000;

/** As `clock.sleep`, of whatever length. */
export async function longSleep(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  for (let left = ms; left > 0; left -= AT_MOST_MS) {
    if (signal?.aborted === true) return;
    await clock.sleep(Math.min(left, AT_MOST_MS), signal);
  }
}
