import { writeSync } from 'node:fs';

export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';

/** What the stand-in needs of the process it runs in; tests give it another one. */
export interface StandInIo {
  writeOutput(text: string): void;
  writeError(text: string): void;
  /** Calls back whenever the signal arrives. */
  onSignal(signal: StopSignal, handler: () => void): void;
  /** Ends this very process by a signal, at once. Does not return in a real process. */
  die(signal: NodeJS.Signals): never;
  now(): Date;
}

/** The process itself. */
export function processIo(): StandInIo {
  return {
    writeOutput: (text) => writeAll(1, text),
    writeError: (text) => writeAll(2, text),
    onSignal: (signal, handler) => {
      process.on(signal, handler);
    },
    die: (signal) => {
      process.kill(process.pid, signal);
      // The signal may take a moment; nothing may happen in between.
      for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    },
    now: () => new Date(),
  };
}

/**
 * Writes everything before it returns, so that a later death by signal loses no line. A reader that has
 * gone away does not stop nodeos, so it does not stop the stand-in.
 */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
