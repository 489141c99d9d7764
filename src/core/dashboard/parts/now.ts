import { signal, type ReadonlySignal } from '@preact/signals';

/** Seconds since 1970, as whole ones, by the clock of the viewer. It goes on while somebody looks at it. */
export const now: ReadonlySignal<number> = ticking();

function ticking(): ReadonlySignal<number> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const seconds = (): number => Math.floor(Date.now() / 1000);
  const clock = signal(seconds(), {
    watched() {
      clock.value = seconds();
      timer = setInterval(() => {
        clock.value = seconds();
      }, 1000);
    },
    unwatched() {
      clearInterval(timer);
    },
  });
  return clock;
}
