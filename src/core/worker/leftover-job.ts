import type { Logger } from '../log/logger.ts';
import type { JobUpdate } from '../protocol/full-record.ts';
import type { Clock } from './clock.ts';
import { watchContact } from './contact.ts';
import { forgetHeldJob, loadHeldJob } from './held-job.ts';
import type { HeldJob } from './held-job.ts';
import { JobReporter } from './job-reporter.ts';
import type { ReportClient } from './job-reporter.ts';
import { createPause } from './pause.ts';

export interface LeftoverDeps {
  client: ReportClient & { baseUrl: string };
  clock: Clock;
  logger: Logger;
  dataDir: string;
  workerId: string;
  signal: AbortSignal;
  notice: (text: string) => void;
}

/**
 * Settles what an earlier process of this worker left: a result that was not accepted yet is sent,
 * and a job that it held when it was killed is given back. Until then nobody else can have the job.
 * At another orchestrator it is refused, since the version cannot be the same.
 * Throws a UserError when the orchestrator refuses us or cannot be reached; what was left stays then.
 */
export async function settleLeftoverJob(deps: LeftoverDeps): Promise<void> {
  const { dataDir, client, workerId, notice } = deps;
  const held = await loadHeldJob(dataDir);
  if (held === null) return forgetHeldJob(dataDir);
  if (held.workerId !== workerId) {
    notice(`Job ${held.jobId}, which this directory held under the name ${held.workerId}, is left alone.`);
    return forgetHeldJob(dataDir);
  }
  if (!(await reach(deps, held))) return;
  const reporter = new JobReporter({
    ...deps,
    own: held,
    etag: held.etag,
    status: null,
    onLost: () => {},
    onContact: (answering, reason) => {
      if (!answering) notice(`The orchestrator at ${client.baseUrl}: ${reason}. Asking again.`);
    },
  });
  const stop = (): void => reporter.stop();
  deps.signal.addEventListener('abort', stop, { once: true });
  try {
    const delivery = await reporter.deliver(held.result ?? returnOf(workerId));
    if (delivery === 'undelivered') return;
    notice(`Job ${held.jobId} of the worker's last run: ${endOf(held, delivery === 'accepted')}.`);
    await forgetHeldJob(dataDir);
  } finally {
    deps.signal.removeEventListener('abort', stop);
  }
}

/** Waits until the orchestrator answers. False when the worker is told to stop before that. */
async function reach(deps: LeftoverDeps, held: HeldJob): Promise<boolean> {
  const { client, signal } = deps;
  const contact = watchContact({ ...deps, baseUrl: client.baseUrl }, false);
  const pause = createPause(deps);
  for (;;) {
    const answer = await contact.ask(() => client.getJob(held.jobId, { signal }));
    if (signal.aborted) return false;
    if (answer !== 'no-answer') return true;
    await pause(null);
  }
}

/** A result that nobody wants is shown, since nothing else keeps it. */
function endOf({ result }: HeldJob, accepted: boolean): string {
  if (accepted) return result === null ? 'given back' : 'reported';
  if (result === null) return 'not ours any more';
  const { status, actual_integrity_hash: hash, error_message: message } = result;
  return `not ours any more; its result was ${[status, hash ?? message].filter(Boolean).join(' ')}`;
}

function returnOf(workerId: string): JobUpdate {
  return {
    status: 'WAITING_4_WORKER',
    error_cause: 'interrupted',
    error_message: `The worker ${workerId} ended without giving the job back, and was started again.`,
  };
}
