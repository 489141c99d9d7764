import { type Run, say } from './run.ts';

/**
 * Has signals ask for an orderly stop: SIGTERM and SIGINT, for Leap SIGHUP too (Spring dies of it, so it
 * gets no handler there). Spring says so in its log once the chain is up. Returns what undoes it.
 */
export function watchSignals(run: Run): () => void {
  const signals =
    run.form.product === 'leap'
      ? (['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      : (['SIGTERM', 'SIGINT'] as const);
  const isDeaf = run.settings.faults.some(({ name }) => name === 'ignore-sigterm');
  const undo = signals.map((signal) =>
    run.io.onSignal(signal, () => (isDeaf ? undefined : run.quit.request())),
  );
  run.quit.onRequest(() => {
    if (run.form.product !== 'spring' || run.state === null) return;
    say(run, 'quitCalled', 'appbase quit called');
    say(run, 'interrupt', 'interrupt');
  });
  return () => {
    for (const each of undo) each();
  };
}
