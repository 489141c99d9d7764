import type { OrchestratorClient } from '../protocol/client.ts';
import { isPassing } from '../protocol/client-error.ts';
import type { SelfCheckRecord } from '../protocol/self-check-record.ts';
import type { Clock } from './clock.ts';

/** A host that fails again after a self-check that was well must not go through the jobs of a run that way. */
export const CHECK_EVERY_MS = 10 * 60_000;

interface SetAsidePorts {
  client: Pick<OrchestratorClient, 'postSelfCheck'>;
  clock: Clock;
  signal: AbortSignal;
  notice: (text: string) => void;
  check(): Promise<SelfCheckRecord>;
}

/**
 * What a host does that is set aside, each time that it is told so: it looks at itself, at most every
 * ten minutes, and says what it found. A finding that does not reach the orchestrator is sent again
 * the next time.
 */
export function createSetAside(ports: SetAsidePorts): (reason: string) => Promise<void> {
  const { client, clock, signal, notice } = ports;
  let checkedAt: number | null = null;
  let unsent: SelfCheckRecord | null = null;
  let told = '';
  return async (reason) => {
    if (reason !== told) notice(`The orchestrator gives no jobs to this host. ${reason}`);
    told = reason;
    if (unsent === null) {
      if (checkedAt !== null && clock.now() - checkedAt < CHECK_EVERY_MS) return;
      unsent = await ports.check();
      checkedAt = clock.now();
      notice(describe(unsent));
    }
    if (signal.aborted) return;
    try {
      await client.postSelfCheck(unsent, { signal });
      unsent = null;
    } catch (error) {
      if (signal.aborted || isPassing(error)) return;
      notice(`The orchestrator does not take the self-check: ${(error as Error).message}`);
      unsent = null;
    }
  };
}

function describe({ ok, checks }: SelfCheckRecord): string {
  if (ok) return 'Self-check: all is well.';
  const failed = checks.filter((check) => !check.ok).map(({ name, message }) => `${name}: ${message}`);
  return `Self-check: ${failed.join('; ')}.`;
}
