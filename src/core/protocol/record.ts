import type { Job } from '../domain/job.ts';
import type { Slice } from '../domain/slice.ts';
import type { JobRecord } from './full-record.ts';

/** The record of PROTOCOL section 3. The order of the keys is part of the format. */
export function toJobRecord(job: Job): JobRecord {
  const { slice } = job;
  return {
    job_id: job.jobId,
    replay_slice_id: slice.sliceId,
    snapshot_path: slice.snapshotPath,
    storage_type: slice.storageTypeAsWritten,
    ...versionMember(slice),
    start_block_num: slice.startBlock,
    end_block_num: slice.endBlock,
    status: job.status,
    last_block_processed: job.lastBlockProcessed,
    start_time: job.startTime,
    end_time: job.endTime,
    expected_integrity_hash: job.expectedHash,
    actual_integrity_hash: job.actualHash,
  };
}

/** `leap_version` or `spring_version`, whichever the manifest wrote. */
export function versionMember(slice: Slice): Pick<JobRecord, 'leap_version' | 'spring_version'> {
  return slice.versionField === 'leap_version'
    ? { leap_version: slice.version }
    : { spring_version: slice.version };
}
