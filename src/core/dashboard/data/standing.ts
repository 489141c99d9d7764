import type { Standing } from '../../domain/standing.ts';

export { standingOf, STANDINGS, type Standing } from '../../domain/standing.ts';

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
