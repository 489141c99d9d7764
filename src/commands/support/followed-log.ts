import { setTimeout as pause } from 'node:timers/promises';
import { followLog } from '../../core/jobs/follow-log.ts';
import { newsAsJson, newsAsText } from '../../core/jobs/show-log-news.ts';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import type { OrchestratorClient } from '../../core/protocol/client.ts';
import { viewError } from './present-error.ts';
import { onStopRequest } from './signals.ts';

/** How long an orchestrator that does not answer is tried again; as long as `report --wait` waits. */
const PATIENCE_MS = 300_000;

export interface FollowRequest {
  client: OrchestratorClient;
  jobId: number;
  /** null: the last one, or the first if there is none yet. */
  attempt: number | null;
  /** The form: JSON for programs, one object a line. */
  json: boolean;
}

/** Prints the log of an attempt while it grows. Leaves the exit code in `process.exitCode` when it was stopped. */
export async function showFollowedLog({ client, jobId, attempt, json }: FollowRequest): Promise<void> {
  const stop = onStopRequest();
  const news = followLog({
    client,
    jobId,
    attempt,
    patienceMs: PATIENCE_MS,
    signal: stop.signal,
    now: () => performance.now(),
    pause: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined),
    random: Math.random,
  });
  const show = json ? newsAsJson() : newsAsText();
  try {
    for await (const piece of news) {
      const { out = '', note = '' } = show(piece, jobId);
      if (note !== '') process.stderr.write(note);
      if (out !== '') await written(out);
    }
    if (stop.signal.aborted) process.exitCode = ExitCode.interrupted;
  } catch (error) {
    const known = error instanceof OrchestratorError ? asUserError(error, client.baseUrl) : error;
    if (!json) throw known;
    // On one line like all the rest, whoever reads it.
    const { code, message, hint, exitCode } = viewError(known);
    process.exitCode = exitCode;
    await written(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  } finally {
    stop.dispose();
  }
}

/** A reader that is slow is waited for, and not what it has not read yet kept in memory. */
function written(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve());
  });
}
