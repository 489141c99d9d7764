import type { Logger } from '../log/logger.ts';
import type { JobUpdate } from '../protocol/full-record.ts';
import type { Clock } from './clock.ts';
import { forgetHeldJob, loadHeldJob } from './held-job.ts';
import { JobReporter } from './job-reporter.ts';
import type { ReportClient } from './job-reporter.ts';

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
 */
export async function settleLeftoverJob(deps: LeftoverDeps): Promise<void> {
  const { dataDir, client, workerId, notice } = deps;
  const held = await loadHeldJob(dataDir);
  if (held === null) return forgetHeldJob(dataDir);
  if (held.workerId !== workerId) {
    notice(`Job ${held.jobId}, which this directory held under the name ${held.workerId}, is left alone.`);
    return forgetHeldJob(dataDir);
  }
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
    const what = held.result === null ? 'given back' : 'reported';
    const end = delivery === 'lost' ? 'not ours any more' : what;
    notice(`Job ${held.jobId} of the worker's last run: ${end}.`);
    await forgetHeldJob(dataDir);
  } finally {
    deps.signal.removeEventListener('abort', stop);
  }
}

function returnOf(workerId: string): JobUpdate {
  return {
    status: 'WAITING_4_WORKER',
    error_cause: 'interrupted',
    error_message: `The worker ${workerId} ended without giving the job back, and was started again.`,
  };
}
