import type { VersionedJob } from '../../protocol/client-job.ts';
import type { AttemptTools } from '../attempt-work.ts';
import { EvidenceRecorder } from './record-evidence.ts';
import type { RecorderOptions } from './record-evidence.ts';
import { EvidenceSender } from './send-evidence.ts';
import type { SenderOptions } from './send-evidence.ts';

export type EvidenceDeps = Omit<SenderOptions, 'own'> & Pick<RecorderOptions, 'replayVersion' | 'packageOf'>;

/**
 * Makes an attempt with tools that are watched, and leaves with the orchestrator what is needed to repeat it:
 * when nodeos starts, so that it outlives the host, and once more at the end.
 */
export async function withEvidence<T>(
  { job }: Pick<VersionedJob, 'job'>,
  tools: AttemptTools,
  deps: EvidenceDeps,
  attempt: (tools: AttemptTools) => Promise<T>,
): Promise<T> {
  const own = { jobId: job.job_id, attempt: job.attempt + 1 };
  const sender = new EvidenceSender({ ...deps, own });
  const recorder = new EvidenceRecorder({ ...deps, job, onChange: (evidence) => sender.send(evidence) });
  const end = await attempt(recorder.watch(tools));
  // Told to stop: seconds are left, and what was sent when nodeos started has to do.
  if (!deps.signal.aborted) await sender.finish(await recorder.tell().catch(() => null));
  return end;
}
