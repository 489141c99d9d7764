import type { HostRow } from '../../protocol/host-record.ts';

/**
 * What a person wants to know first of a host; the order is that of attention.
 * - aside: gets no jobs until it is well again. silent: was not heard from for two minutes.
 * - idle: asks for jobs, and holds none. working: holds a job.
 */
export const HOST_STANDINGS = ['aside', 'silent', 'idle', 'working'] as const;
export type HostStanding = (typeof HOST_STANDINGS)[number];

export const HOST_STANDING_NAMES: Record<HostStanding, string> = {
  aside: 'set aside',
  silent: 'silent',
  idle: 'idle',
  working: 'working',
};

/** Of the same things as the colours. */
export const HOST_STANDING_MARKS: Record<HostStanding, string> = {
  aside: '✕',
  silent: '!',
  idle: '·',
  working: '▶',
};

export function hostStandingOf({
  set_aside,
  is_seen,
  job_id,
}: Pick<HostRow, 'set_aside' | 'is_seen' | 'job_id'>): HostStanding {
  if (set_aside) return 'aside';
  if (!is_seen) return 'silent';
  return job_id === null ? 'idle' : 'working';
}
