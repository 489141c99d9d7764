import { formatBytes } from '../format/bytes.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { selectBlockFiles } from '../storage/block-files.ts';
import { baseName } from '../storage/location.ts';
import type { Source } from '../storage/source.ts';
import { locateJobFiles } from '../worker/job-files.ts';
import { failed, ok, skipped, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import { sum } from './storage-checks.ts';

/** Snapshots and block files in zstd are about a third of what they unpack to. */
const UNPACKED = 3;

export interface SliceNeed {
  sliceId: number;
  /** Bytes as stored; null: not known. */
  snapshot: number | null;
  snapshotIsCompressed: boolean;
  blocks: number | null;
}

/** How much the files of a slice are, where storage tells. Throws what storage throws. */
export async function needOf(
  job: FullJobRecord,
  source: Pick<Source, 'head' | 'list'>,
  signal: AbortSignal,
): Promise<SliceNeed> {
  const { snapshot, blocks } = locateJobFiles(job);
  const slice = { startBlock: job.start_block_num, endBlock: job.end_block_num };
  const [head, listing] = await Promise.all([
    snapshot === null ? { size: 0 } : source.head(snapshot, signal),
    blocks === null ? [] : source.list(blocks, signal),
  ]);
  return {
    sliceId: job.replay_slice_id,
    snapshot: head.size,
    snapshotIsCompressed: snapshot !== null && baseName(snapshot).endsWith('.zst'),
    blocks: sum(selectBlockFiles(listing, slice).files),
  };
}

/**
 * What a slice needs is an estimate: the snapshot unpacked, a state of the same size made from it, and the
 * blocks unpacked. Less than what is merely stored cannot do.
 */
export function judgeNeed(needs: readonly SliceNeed[], free: number): Finding {
  const known = needs.filter(
    (need): need is SliceNeed & { snapshot: number; blocks: number } =>
      need.snapshot !== null && need.blocks !== null,
  );
  if (known.length === 0) return skipped('storage does not tell how large the files of a slice are');
  const sized = known.map((need) => ({
    sliceId: need.sliceId,
    stored: need.snapshot + need.blocks,
    estimate: need.snapshot * (need.snapshotIsCompressed ? UNPACKED : 1) * 2 + need.blocks * UNPACKED,
  }));
  const [largest] = sized.toSorted((a, b) => b.estimate - a.estimate);
  const { sliceId, stored, estimate } = largest!;
  const what = `Slice ${sliceId} is ${formatBytes(stored)} as stored, and takes about ${formatBytes(estimate)} with its state; ${formatBytes(free)} are free`;
  const values = { slice: sliceId, stored_bytes: stored, estimated_bytes: estimate, free_bytes: free };
  const mend = 'Use a larger disk for --data-dir.';
  if (free < stored) return failed(what, mend, values);
  return free < estimate ? warning(what, mend, values) : ok(what, values);
}
