import { signal } from '@preact/signals';
import { parseUtc } from '../../domain/time.ts';

/** How far the orchestrator's clock is ahead of the viewer's. Milliseconds. */
let aheadMs = 0;

/** What time it is by the orchestrator's clock, in milliseconds since 1970. Goes on when `tick` is called. */
export const orchestratorTime = signal(Date.now());

export function tick(): void {
  orchestratorTime.value = timeNow().getTime();
}

/** What time it is by the orchestrator's clock. The viewer's own may be wrong by hours. */
export function timeNow(): Date {
  return new Date(Date.now() + aheadMs);
}

/** The orchestrator has just said what time it is. UTC, to the second. */
export function setClock(utc: string): void {
  const theirs = parseUtc(utc);
  if (theirs === null) return;
  aheadMs = theirs.getTime() - Date.now();
  tick();
}
