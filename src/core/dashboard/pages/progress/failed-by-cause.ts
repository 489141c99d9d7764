import type { JobRow } from '../../../protocol/job-row.ts';

/** Wrong hashes before everything else: they are what the run is made to find. Else the given order. */
export function mismatchesFirst<Job extends Pick<JobRow, 'status'>>(failed: readonly Job[]): Job[] {
  return failed.toSorted((one, other) => rankOf(one) - rankOf(other));
}

function rankOf({ status }: Pick<JobRow, 'status'>): number {
  return status === 'HASH_MISMATCH' ? 0 : 1;
}

/** How many jobs failed of what, the most frequent first; a wrong hash counts as the cause `hash-mismatch`. */
export function countCauses(
  failed: readonly Pick<JobRow, 'status' | 'error_cause'>[],
): { cause: string | null; count: number }[] {
  const counts = new Map<string | null, number>();
  for (const { status, error_cause } of failed) {
    const cause = status === 'HASH_MISMATCH' ? 'hash-mismatch' : error_cause;
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  return Array.from(counts, ([cause, count]) => ({ cause, count })).toSorted((a, b) => b.count - a.count);
}
