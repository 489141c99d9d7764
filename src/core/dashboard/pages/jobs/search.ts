import type { JobRow } from '../../../protocol/job-row.ts';
import { STATUS_NAMES, VERDICT_NAMES } from '../../data/words.ts';

type Matches = (job: JobRow) => boolean;

/**
 * What is typed into the search field. A number finds the slice and the job of that number and the slice
 * that holds the block; `slice 17`, `job 17` and `block 1,700,000` only the one that is meant. Anything else
 * is looked for, word by word, in what the table tells in words, and in the message of a failure.
 *
 * @returns null: everything
 */
export function parseSearch(text: string): Matches | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return null;
  const [, kind = '', digits] = /^(slice|job|block|#)?\s*(\d[\d,._ ]*)$/u.exec(wanted) ?? [];
  if (digits === undefined) return byWords(wanted.split(/\s+/u));
  const number = Number(digits.replaceAll(/[^\d]/gu, ''));
  switch (kind) {
    case 'slice':
      return (job) => job.replay_slice_id === number;
    case 'job':
      return (job) => job.job_id === number;
    case 'block':
      return (job) => holdsBlock(job, number);
    default:
      return (job) => job.replay_slice_id === number || job.job_id === number || holdsBlock(job, number);
  }
}

/**
 * Whether a block is replayed by a slice. The snapshot at its start is the state *after* the first of its two
 * numbers; only genesis belongs to the slice that begins with it.
 */
export function holdsBlock(
  { start_block_num: start, end_block_num: end }: Pick<JobRow, 'start_block_num' | 'end_block_num'>,
  block: number,
): boolean {
  return block <= end && (block > start || (block === 0 && start === 0));
}

function byWords(words: readonly string[]): Matches {
  return (job) => {
    const text = textOf(job);
    return words.every((word) => text.includes(word));
  };
}

function textOf({
  status,
  verdict,
  worker_id,
  error_cause,
  error_message,
  nodeos_version,
  stage,
}: JobRow): string {
  return [
    STATUS_NAMES[status],
    status,
    verdict === null ? '' : VERDICT_NAMES[verdict],
    stage ?? '',
    worker_id ?? '',
    error_cause ?? '',
    nodeos_version ?? '',
    error_message ?? '',
  ]
    .join('\n')
    .toLowerCase();
}
