import type { JobRow } from '../../protocol/job-row.ts';

/**
 * What a person wants to know first of a slice; the order is that of attention.
 * - mismatch, failed: ended, and somebody has to look.
 * - unverifiable, pending, verified: replayed to its end, with that verdict.
 * - loading: claimed, and not replaying yet. running: replaying. waiting: nobody is at it.
 */
export const STANDINGS = [
  'mismatch',
  'failed',
  'unverifiable',
  'pending',
  'running',
  'loading',
  'waiting',
  'verified',
] as const;
export type Standing = (typeof STANDINGS)[number];

export const STANDING_NAMES: Record<Standing, string> = {
  mismatch: 'hash mismatch',
  failed: 'failed',
  unverifiable: 'not verifiable',
  pending: 'waiting for the next hash',
  running: 'replaying',
  loading: 'getting ready',
  waiting: 'not begun',
  verified: 'verified',
};

/** Of the same things as the colours, for whoever cannot tell those apart. */
export const STANDING_MARKS: Record<Standing, string> = {
  mismatch: '≠',
  failed: '✕',
  unverifiable: '?',
  pending: '◔',
  running: '▶',
  loading: '…',
  waiting: '·',
  verified: '✓',
};

export function standingOf({ status, verdict }: Pick<JobRow, 'status' | 'verdict'>): Standing {
  switch (status) {
    case 'ERROR':
    case 'TIMEOUT':
      return 'failed';
    case 'HASH_MISMATCH':
      return 'mismatch';
    case 'WAITING_4_WORKER':
      return 'waiting';
    case 'STARTED':
    case 'LOADING_SNAPSHOT':
      return 'loading';
    case 'WORKING':
      return 'running';
    case 'COMPLETE':
      if (verdict === 'VERIFIED') return 'verified';
      return verdict === 'UNVERIFIABLE' ? 'unverifiable' : 'pending';
  }
}

export function isFailed({ status }: Pick<JobRow, 'status'>): boolean {
  return status === 'ERROR' || status === 'TIMEOUT' || status === 'HASH_MISMATCH';
}
