import type { EvidenceOfJob } from '../evidence/evidence.ts';
import type { AttemptEvidence } from '../protocol/attempt-evidence.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import type { SummaryRecord } from '../protocol/summary-record.ts';
import { findAttempt, noSuchJob, type LogReader } from './read-log.ts';

/** Whoever has what workers told of their attempts: an orchestrator, or a data directory. */
export interface EvidenceReader extends LogReader {
  /** The whole run. */
  read(): Promise<{ summary: SummaryRecord; jobs: FullJobRecord[] }>;
  /** null: its worker told nothing. */
  jobEvidence(attempt: { jobId: number; attempt: number }): Promise<AttemptEvidence | null>;
}

/**
 * Reads all that there is of a job, for the attempt that is named, or else for the last one.
 * @throws UserError with exit code 1 when there is no such job or attempt, and what the reader throws
 */
export async function readEvidence(
  reader: EvidenceReader,
  jobId: number,
  number: number | null,
): Promise<EvidenceOfJob> {
  const read = await reader.getJob(jobId);
  if (read === null) throw noSuchJob(jobId);
  const { job } = read;
  const attempt = findAttempt(job, number).number;
  const { summary, jobs } = await reader.read();
  const logs = new Map<number, string>();
  const evidence = new Map<number, AttemptEvidence>();
  for (const { number: each } of job.attempts) {
    const log = await reader.jobLog({ jobId, attempt: each });
    if (log !== null) logs.set(each, log);
    const told = await reader.jobEvidence({ jobId, attempt: each });
    if (told !== null) evidence.set(each, told);
  }
  return {
    job,
    attempt,
    run: summary,
    before: jobs.filter(({ end_block_num: end }) => end === job.start_block_num && end > 0),
    after: jobs.filter(({ start_block_num: start }) => start === job.end_block_num),
    logs,
    evidence,
  };
}
