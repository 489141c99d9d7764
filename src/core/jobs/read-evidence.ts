import type { EvidenceOfJob } from '../evidence/evidence.ts';
import type { AttemptEvidence } from '../protocol/attempt-evidence.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import { findAttempt, noSuchJob } from './read-log.ts';

type EvidenceClient = Pick<OrchestratorClient, 'getJob' | 'jobLog' | 'jobEvidence' | 'status' | 'summary'>;

/**
 * Reads all that the orchestrator has of a job, for the attempt that is named, or else for the last one.
 * @throws UserError with exit code 1 when there is no such job or attempt, OrchestratorError
 */
export async function readEvidence(
  client: EvidenceClient,
  jobId: number,
  number: number | null,
): Promise<EvidenceOfJob> {
  const read = await client.getJob(jobId);
  if (read === null) throw noSuchJob(jobId);
  const { job } = read;
  const attempt = findAttempt(job, number).number;
  const [run, jobs] = [await client.summary(), await client.status()];
  const logs = new Map<number, string>();
  const evidence = new Map<number, AttemptEvidence>();
  for (const { number: each } of job.attempts) {
    const log = await client.jobLog({ jobId, attempt: each });
    if (log !== null) logs.set(each, log);
    const told = await client.jobEvidence({ jobId, attempt: each });
    if (told !== null) evidence.set(each, told);
  }
  return {
    job,
    attempt,
    run,
    before: jobs.filter(({ end_block_num: end }) => end === job.start_block_num && end > 0),
    after: jobs.filter(({ start_block_num: start }) => start === job.end_block_num),
    logs,
    evidence,
  };
}
