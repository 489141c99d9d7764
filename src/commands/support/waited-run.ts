import { setTimeout as pause } from 'node:timers/promises';
import { parseOrchestrator } from '../../core/protocol/client-address.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import { orchestratorClient } from '../../core/protocol/client.ts';
import { WaitLines } from '../../core/report/wait-lines.ts';
import { waitForEnd } from '../../core/report/wait.ts';
import type { RunView } from './orchestrator.ts';
import { onStopRequest } from './signals.ts';

/**
 * The run at its end, which is waited for; null when a signal ended the waiting. Throws a UserError as
 * readRun does, and when the orchestrator begins another run.
 * @param patienceMs how long an orchestrator that does not answer is asked again
 */
export async function waitedRun(
  address: string,
  token: string | null,
  patienceMs: number,
): Promise<RunView | null> {
  const baseUrl = parseOrchestrator(address);
  const client = orchestratorClient({ baseUrl, token: token ?? undefined });
  const stop = onStopRequest();
  const lines = new WaitLines({
    write: (text) => process.stderr.write(text),
    columns: process.stderr.isTTY ? process.stderr.columns : null,
    now: () => performance.now(),
  });
  try {
    return await waitForEnd({
      client,
      patienceMs,
      signal: stop.signal,
      now: () => performance.now(),
      pause: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined),
      onLook: (seen) => lines.show(seen),
    });
  } catch (error) {
    if (stop.signal.aborted) return null;
    throw error instanceof OrchestratorError ? asUserError(error, baseUrl) : error;
  } finally {
    lines.end();
    stop.dispose();
  }
}
