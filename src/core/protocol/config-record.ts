import type { Job } from '../domain/job.ts';
import { versionMember } from './record.ts';

/** GET /config: one slice as the older service shows it. */
export interface ConfigRecord {
  replay_slice_id: number;
  start_block_id: number;
  end_block_id: number;
  snapshot_path: string;
  storage_type: string;
  expected_integrity_hash: string | null;
  /** Exactly one of the two version keys is present, in this place. */
  leap_version?: string;
  spring_version?: string;
}

/** The order of the keys is part of the format. */
export function toConfigRecord(job: Job): ConfigRecord {
  const { slice } = job;
  return {
    replay_slice_id: slice.sliceId,
    start_block_id: slice.startBlock,
    end_block_id: slice.endBlock,
    snapshot_path: slice.snapshotPath,
    storage_type: slice.storageTypeAsWritten,
    expected_integrity_hash: job.expectedHash,
    ...versionMember(slice),
  };
}
