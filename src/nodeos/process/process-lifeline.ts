import { capture } from './process-capture.ts';

const SETPRIV = ['setpriv', '--pdeathsig', 'KILL'];
const CHECK_TIMEOUT_MS = 5000;

/**
 * What to put before a command so that the kernel ends it when we die, even by SIGKILL: nodeos runs on
 * when the reader of its log goes away, and would hold its folder and ports for hours. Empty where
 * setpriv (util-linux 2.33 and later) is missing; the record in the attempt's folder remains then.
 */
export async function lifeline(): Promise<string[]> {
  try {
    const tried = await capture(SETPRIV[0]!, [...SETPRIV.slice(1), 'true'], { timeoutMs: CHECK_TIMEOUT_MS });
    return tried.code === 0 ? SETPRIV : [];
  } catch {
    return [];
  }
}

/** What setpriv says when the command behind it cannot be started; null when the line is none of that. */
export function cannotExecute(line: string): string | null {
  return /^setpriv: failed to execute (.*)$/.exec(line)?.[1] ?? null;
}
