import { formatCount } from '../format/count.ts';
import { formatSpan } from '../format/span.ts';
import type { RunState } from './run-news.ts';
import type { JobKind, ToldHost, ToldJob, ToldSummary } from './notification.ts';

/**
 * What is told of a job, in one line.
 * @param another what was told before was about another attempt
 */
export function jobText(kind: JobKind, job: ToldJob, another: boolean): string {
  const who = `Job ${job.job_id} (slice ${job.replay_slice_id}, blocks ${job.start_block_num} to ${job.end_block_num})`;
  const where = job.worker_id === null ? '' : ` on ${job.worker_id}`;
  const expected = job.expected_integrity_hash || 'not known';
  const hashes = `expected ${expected}, actual ${job.actual_integrity_hash ?? 'not known'}`;
  switch (kind) {
    case 'mismatch':
      return `${who}: HASH MISMATCH in attempt ${job.attempt}${where}: ${hashes}.`;
    case 'mismatch-unconfirmed':
      return `${who}: wrong hash in attempt ${job.attempt}${where}: ${hashes}. It is run once more to confirm it.`;
    case 'mismatch-withdrawn':
      return another
        ? `${who}: the mismatch of an earlier attempt is not confirmed. Attempt ${job.attempt}${where} arrived at a hash that nothing contradicts; the report has both.`
        : `${who}: the mismatch is withdrawn. Nothing that is known by now contradicts attempt ${job.attempt}.`;
    case 'job-failed': {
      const cause = job.error_cause === null ? '' : ` (${job.error_cause})`;
      const message = job.error_message === null ? '' : `: ${job.error_message}`;
      return `${who}: ${job.status} for good after attempt ${job.attempt}${where}${cause}${message}`;
    }
  }
}

/** The end of a run: the headline that the report has, and the totals. */
export function endText({ headline, verdicts, blocks_processed, total_blocks }: ToldSummary): string {
  const blocks = `${formatCount(blocks_processed)} of ${formatCount(total_blocks)} blocks`;
  const found = `${verdicts.VERIFIED} verified, ${verdicts.MISMATCH} mismatched, ${verdicts.PENDING} pending, ${verdicts.UNVERIFIABLE} not verifiable`;
  return `${headline} No job waits or is held. ${blocks}; ${found}.`;
}

export function quietText({ open }: RunState, quietMs: number): string {
  const jobs = `${formatCount(open)} ${open === 1 ? 'job waits' : 'jobs wait'}`;
  return `${jobs}, and no host has held one for ${formatSpan(quietMs)}.`;
}

export function backText({ held, open }: RunState): string {
  return `Hosts are at work again: of ${formatCount(open)} open jobs ${formatCount(held)} ${held === 1 ? 'is' : 'are'} held.`;
}

export function setAsideText({ worker_id, failures }: ToldHost): string {
  const causes = failures.map(({ job_id, error_cause }) => `job ${job_id} ${error_cause}`).join(', ');
  return `Host ${worker_id} is set aside and gets no more jobs: ${failures.length} failures in a row (${causes}).`;
}
