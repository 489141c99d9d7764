import { type Run, say } from './run.ts';

/**
 * Has signals ask for an orderly stop: SIGTERM and SIGINT, for Leap SIGHUP too (Spring dies of it, so it
 * gets no handler there). Spring says so in its log once the chain is up. The handlers stay, so
 * that a second signal does not cut the end short.
 */
export function watchSignals(run: Run): void {
  const isDeaf = run.settings.faults.some(({ name }) => name === 'ignore-sigterm');
  for (const signal of run.form.product === 'leap' ? LEAP_SIGNALS : SPRING_SIGNALS) {
    run.io.onSignal(signal, () => (isDeaf ? undefined : run.quit.request()));
  }
  run.quit.onRequest(() => {
    if (run.form.product !== 'spring' || run.state === null) return;
    say(run, 'quitCalled', 'appbase quit called');
    say(run, 'interrupt', 'interrupt');
  });
}

const SPRING_SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const LEAP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
