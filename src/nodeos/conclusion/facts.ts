/** What the judge of a run is given, and what it answers. */
import type { Cause } from '../../core/domain/cause.ts';
import type { Observation } from '../log/observation.ts';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface RunFacts {
  /** All that the run printed. */
  readonly observation: Observation;
  readonly exit: ProcessExit;
  readonly product: 'leap' | 'spring';
  /** Head of the snapshot; 0 when the slice starts from genesis. */
  readonly startBlock: number;
  /** What was given as `--terminate-at-block`. */
  readonly endBlock: number;
  readonly fromGenesis: boolean;
  /** Why we ended the process, or null when it ended by itself. A run that we ended is never a success. */
  readonly endedByUs: null | 'stalled' | 'interrupted';
  /** The stage in which nothing moved any more, and for how long nothing did. */
  readonly stalledStage?: 'load' | 'replay' | 'hash';
  readonly stalledForMs?: number;
  /**
   * False when the final hash is asked of a second, read-only run (the way for Leap): then the run
   * may end without printing one. True unless given.
   */
  readonly needsStopHash?: boolean;
}

export interface Failure {
  readonly ok: false;
  readonly cause: Cause;
  /** What was found and what it means, for the person who looks at 3 a.m. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string | null;
}

export interface Success {
  readonly ok: true;
  /** State hash of the snapshot; null from genesis. */
  readonly startHash: string | null;
  /**
   * State hash of the end block. Null only with `needsStopHash: false`, and then also when a hash
   * was printed of which the log does not prove that it belongs to the end block.
   */
  readonly endHash: string | null;
  /** Always the end block. */
  readonly head: number;
  /** Id of the end block, when the log names it. */
  readonly headId: string | null;
}

export type Conclusion = Success | Failure;

export function failure(cause: Cause, message: string, hint: string | null = null): Failure {
  return { ok: false, cause, message, hint };
}

/** Where the run was, in words: `while loading the snapshot`, `at block 1500`. */
export function whereItWas({ observation: o }: Pick<RunFacts, 'observation'>): string {
  if (o.currentBlock !== null && o.stage !== 'loading') return `at block ${o.currentBlock}`;
  switch (o.stage) {
    case 'starting':
      return 'before it loaded anything';
    case 'loading':
      return o.snapshotHead === null ? 'while loading the snapshot' : 'after loading the snapshot';
    case 'replaying':
    case 'syncing':
      return 'before its first block';
    case 'stopping':
    case 'exited':
      return 'before it had done anything';
    default: {
      const never: never = o.stage;
      return never;
    }
  }
}
