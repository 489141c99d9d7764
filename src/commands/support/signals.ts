/** A request to stop, from the terminal or the service manager. */
export interface StopRequest {
  readonly signal: AbortSignal;
  /** Which signal came; null while none has. */
  received(): NodeJS.Signals | null;
  /** Stops listening; later signals have their default effect again. */
  dispose(): void;
}

/**
 * Turns SIGINT and SIGTERM into an AbortSignal. The first asks for an orderly stop; a second SIGINT
 * ends the process at once, for a person who does not want to wait.
 */
export function onStopRequest(): StopRequest {
  const controller = new AbortController();
  let first: NodeJS.Signals | null = null;
  const handler = (signal: NodeJS.Signals): void => {
    if (first !== null && signal === 'SIGINT') process.exit(130);
    first ??= signal;
    controller.abort(new Error(signal));
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    signal: controller.signal,
    received: () => first,
    dispose: () => {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}
