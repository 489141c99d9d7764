import type { FaultName } from '../../nodeos/stand-in/faults.ts';

/** What can be made to go wrong in a rehearsal, in the user's words; null: it is not nodeos that fails. */
export const REHEARSED_FAILURES = {
  mismatch: 'wrong-hash',
  'damaged-snapshot': null,
  crash: 'crash',
  'out-of-memory': 'oom',
  'disk-full': 'sigbus',
  hang: 'hang',
  'early-exit': 'exit-0',
  'no-hash': 'exit-0-no-hash',
} as const satisfies Record<string, FaultName | null>;

export type RehearsedFailure = keyof typeof REHEARSED_FAILURES;

export const REHEARSED_FAILURE_NAMES = Object.keys(REHEARSED_FAILURES) as RehearsedFailure[];

/** Where in the sample chain a failure strikes. */
export interface Strike {
  /** The stand-in's spelling of its fault; null for none. */
  faults: string | null;
  /** The block whose snapshot is damaged; null for none. */
  damagedSnapshot: number | null;
}

export const NO_STRIKE: Strike = { faults: null, damagedSnapshot: null };

/**
 * The failure strikes in the middle of the chain and touches one slice, or one snapshot with its two
 * neighbours. Slices are `blocksPerSlice` long and the first starts at block 0.
 */
export function strikeOf(failure: RehearsedFailure, slices: number, blocksPerSlice: number): Strike {
  const start = Math.floor(slices / 2) * blocksPerSlice;
  const fault = REHEARSED_FAILURES[failure];
  return fault === null
    ? { faults: null, damagedSnapshot: start }
    : { faults: `${fault}@${start + Math.floor(blocksPerSlice / 2)}`, damagedSnapshot: null };
}
