import { failed } from './finding.ts';
import type { CheckId, Finding } from './finding.ts';

export interface Check {
  id: CheckId;
  /** What of several things was looked at: a location. */
  subject?: string;
  /** The signal aborts when the time for it is over. */
  run(signal: AbortSignal): Promise<Finding>;
}

export interface CheckResult extends Finding {
  id: CheckId;
  subject: string | null;
  /** It was given up, and may still hang in the system. */
  timedOut: boolean;
}

/**
 * Runs checks side by side. Each ends within the time, whether or not it heeds its signal: a network
 * disk that does not answer holds a system call for ever. Never rejects: what goes wrong is a finding.
 */
export function runChecks(checks: readonly Check[], timeoutMs: number): Promise<CheckResult[]> {
  return Promise.all(checks.map((check) => runOne(check, timeoutMs)));
}

async function runOne(check: Check, timeoutMs: number): Promise<CheckResult> {
  const { id, subject } = check;
  const over = new AbortController();
  let timedOut = false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      timedOut = true;
      over.abort();
      resolve(noAnswer(timeoutMs));
    }, timeoutMs);
  });
  const found = check
    .run(over.signal)
    .catch((error: unknown) => (timedOut ? noAnswer(timeoutMs) : broken(error)));
  try {
    return { id, subject: subject ?? null, ...(await Promise.race([found, late])), timedOut };
  } finally {
    clearTimeout(timer);
  }
}

function noAnswer(timeoutMs: number): Finding {
  return failed(
    `There was no answer within ${timeoutMs / 1000} s`,
    'Look whether a network disk or a service that this touches hangs.',
  );
}

function broken(error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  return failed(`It could not be looked at: ${reason}`, 'Mend what the message names, and run doctor again.');
}
