import { readFileSync } from 'node:fs';

/** A request to stop, from the terminal or the service manager. */
export interface StopRequest {
  readonly signal: AbortSignal;
  /** Which signal came; null while none has. */
  received(): NodeJS.Signals | null;
  /** Stops listening; later signals have their default effect again. */
  dispose(): void;
}

/**
 * Turns SIGINT, SIGTERM and SIGHUP (the terminal is gone) into an AbortSignal. The first asks for an
 * orderly stop; a second SIGINT ends the process at once, for a person who does not want to wait.
 */
export function onStopRequest(): StopRequest {
  const controller = new AbortController();
  let first: NodeJS.Signals | null = null;
  const handler = (signal: NodeJS.Signals): void => {
    if (first !== null && signal === 'SIGINT') process.exit(130);
    first ??= signal;
    controller.abort(new Error(signal));
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', ...(isHangupIgnored() ? [] : ['SIGHUP' as const])];
  for (const signal of signals) process.on(signal, handler);
  return {
    signal: controller.signal,
    received: () => first,
    dispose: () => {
      for (const signal of signals) process.off(signal, handler);
    },
  };
}

/**
 * Whether the process was started to outlive its terminal, as by nohup: listening to SIGHUP would
 * undo that. Bit 0 of the mask stands for signal 1 (proc(5)).
 */
function isHangupIgnored(): boolean {
  try {
    const mask = /^SigIgn:\s*(?<mask>[0-9a-f]+)$/mu.exec(readFileSync('/proc/self/status', 'utf8'));
    return (Number.parseInt(mask?.groups?.['mask']?.at(-1) ?? '0', 16) & 1) === 1;
  } catch {
    // Without /proc it cannot be told; then SIGHUP keeps its default effect.
    return true;
  }
}
