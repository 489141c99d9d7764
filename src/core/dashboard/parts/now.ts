import { computed, effect, type ReadonlySignal } from '@preact/signals';
import { orchestratorTime, tick } from '../data/clock.ts';
import { connection } from '../data/live.ts';

/** While nothing is heard of the run, nothing that is shown grows older. */
effect(() => {
  if (connection.value.state !== 'live') return undefined;
  const timer = setInterval(tick, 1000);
  return () => clearInterval(timer);
});

/** What time it is by the orchestrator's clock, in whole seconds since 1970. It goes on by itself. */
export const now: ReadonlySignal<number> = computed(() => Math.floor(orchestratorTime.value / 1000));
