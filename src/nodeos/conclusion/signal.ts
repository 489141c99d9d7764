/** What it means when a signal ends nodeos. */
import { failure, whereItWas, type Failure, type ProcessExit, type RunFacts } from './facts.ts';

/** Linux signal numbers, as a shell reports them: exit code 128 + number. */
const NUMBERS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  11: 'SIGSEGV',
  12: 'SIGUSR2',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  25: 'SIGXFSZ',
};

/** The signal that ended a process, whether the system or a shell in between reports it. */
export function signalOf({ code, signal }: ProcessExit): string | null {
  if (signal !== null) return signal;
  return code === null ? null : (NUMBERS[code - 128] ?? null);
}

export function explainSignal(signal: string, facts: RunFacts): Failure {
  const where = whereItWas(facts);
  switch (signal) {
    case 'SIGBUS':
      return failure(
        'disk-full',
        `nodeos was ended by SIGBUS ${where}: most likely the disk was full under its state`,
        'Free disk space on this host, or give it a larger disk. nodeos prints nothing in this case.',
      );
    case 'SIGXFSZ':
      return failure(
        'disk-full',
        `nodeos was ended by SIGXFSZ ${where}: a file grew beyond the limit of this account`,
        'Raise the file size limit (ulimit -f) for the worker.',
      );
    case 'SIGKILL':
      return failure(
        'out-of-memory',
        `nodeos was killed by SIGKILL ${where}, and not by this worker: most likely the host ran out of memory`,
        'Look for "Out of memory" in the kernel log (dmesg). Use a host with more memory, or fewer workers on it.',
      );
    case 'SIGPIPE':
      return failure(
        'nodeos-crash',
        `nodeos was ended by SIGPIPE ${where}: what reads its log had gone away`,
        'Another attempt starts afresh.',
      );
    case 'SIGHUP':
    case 'SIGINT':
    case 'SIGTERM':
      return failure(
        'no-evidence',
        `nodeos was ended by ${signal} ${where}, and not by this worker`,
        'Find out who stops processes on this host: a shutdown, a service manager, a person.',
      );
    default:
      return failure(
        'nodeos-crash',
        `nodeos was ended by ${signal} ${where}`,
        'If it happens at the same block on another host, this build of nodeos fails there.',
      );
  }
}
