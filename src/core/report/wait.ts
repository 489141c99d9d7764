import { isPassing } from '../protocol/client-error.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import type { SummaryRecord } from '../protocol/summary-record.ts';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';

/** Often enough for a person, and nothing to an orchestrator with a hundred hosts. */
const LOOK_EVERY_MS = 3000;

export interface WaitOptions {
  client: Pick<OrchestratorClient, 'summary' | 'status'>;
  /** How long an orchestrator that does not answer is asked again. */
  patienceMs: number;
  signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
  /** Ends early when the signal says so. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** After each look: what was seen, or why nothing was. */
  onLook: (seen: SummaryRecord | Error) => void;
}

/**
 * Waits until no job waits or is held any more, and returns the run as it is then. An orchestrator that is
 * restarted meanwhile is waited for.
 * @throws OrchestratorError when it refuses, or does not answer for too long; UserError when it has begun
 *   another run; the reason of the signal
 */
export async function waitForEnd(
  options: WaitOptions,
): Promise<{ summary: SummaryRecord; jobs: FullJobRecord[] }> {
  const { client, signal } = options;
  let runId: number | null = null;
  const look = async (): Promise<SummaryRecord> => {
    const summary = await client.summary({ signal });
    runId ??= summary.run_id;
    if (summary.run_id !== runId) throw replaced(runId, summary.run_id);
    return summary;
  };
  const patiently = patience(options);
  for (;;) {
    const summary = await patiently(look);
    options.onLook(summary);
    if (!summary.is_running) {
      const jobs = await patiently(() => client.status({ signal }));
      const after = await patiently(look);
      // A person may have sent a job back into the queue in between.
      if (!after.is_running) return { summary: after, jobs };
    }
    await options.pause(LOOK_EVERY_MS, signal);
    signal.throwIfAborted();
  }
}

/** Repeats what fails for a reason that may pass, until nothing has succeeded for as long as is allowed. */
function patience({ patienceMs, signal, now, pause, onLook }: WaitOptions) {
  let lastAnswer = now();
  return async function patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const answer = await ask();
        lastAnswer = now();
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        if (!isPassing(error) || now() - lastAnswer >= patienceMs) throw error;
        onLook(error);
        await pause(Math.min(LOOK_EVERY_MS, Math.max(0, patienceMs - (now() - lastAnswer))), signal);
        signal.throwIfAborted();
      }
    }
  };
}

function replaced(before: number, after: number): UserError {
  return new UserError({
    code: 'RUN_REPLACED',
    message: `Run ${before} was waited for, and the orchestrator is at run ${after} now.`,
    hint: 'Wait for the new run with another call.',
    exitCode: ExitCode.notFinished,
  });
}
