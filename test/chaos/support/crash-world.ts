import { createHash } from 'node:crypto';
import type { Verdict } from '../../../src/core/domain/job.ts';
import type { ManifestSlice } from '../../e2e/support/chains.ts';

/** What is to become of a slice in the run that the crash tests make. */
export interface PlannedSlice {
  jobId: number;
  startBlock: number;
  endBlock: number;
  /** What the manifest knows; `''` has to be learned from the snapshot at the end block. */
  known: string;
  /** What its workers arrive at. */
  actual: string;
  /** Its first worker gives it back. */
  givenBackOnce: boolean;
  /** It can never work: it ends as ERROR. */
  impossible: boolean;
  verdict: Verdict | null;
}

const FIRST_BLOCK = 1000;
export const BLOCKS = 10_000;

/** The integrity hash of the state at a block. */
export function hashAt(block: number): string {
  return createHash('sha256').update(`state at ${block}`).digest('hex');
}

/**
 * Slices of every kind: half of them with hashes to be learned, some with a wrong result, some that are
 * given back, some that can never work. Where a neighbour says nothing, the manifest knows the hash.
 */
export function planRun(count: number): PlannedSlice[] {
  return Array.from({ length: count }, (_, index) => {
    const jobId = index + 1;
    const startBlock = FIRST_BLOCK + index * BLOCKS;
    const endBlock = startBlock + BLOCKS;
    const impossible = jobId % 20 === 0;
    const wrong = jobId % 25 === 10;
    const known = jobId % 2 === 1 ? hashAt(endBlock) : '';
    const unknown = jobId === count && known === '';
    return {
      jobId,
      startBlock,
      endBlock,
      known,
      actual: wrong ? hashAt(-endBlock) : hashAt(endBlock),
      givenBackOnce: jobId % 7 === 0 && !impossible,
      impossible,
      verdict: impossible ? null : wrong ? 'MISMATCH' : unknown ? 'UNVERIFIABLE' : 'VERIFIED',
    };
  });
}

export function manifestOf(plan: readonly PlannedSlice[]): ManifestSlice[] {
  return plan.map(({ startBlock, endBlock, known }) => ({
    start_block_id: startBlock,
    end_block_id: endBlock,
    snapshot_path: `s3://bucket/snapshot-${startBlock}.bin.zst`,
    storage_type: 's3',
    expected_integrity_hash: known,
    spring_version: '1.2.2',
  }));
}
