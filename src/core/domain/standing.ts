import type { JobStatus, Verdict } from './job.ts';

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

export function standingOf({ status, verdict }: { status: JobStatus; verdict: Verdict | null }): Standing {
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
