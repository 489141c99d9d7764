import type { FullJobRecord } from '../protocol/full-record.ts';
import { maskJob } from './mask.ts';

/** The slice as an entry of a manifest, which `replay serve --config` takes. */
export function manifestSlice(record: FullJobRecord): Record<string, unknown> {
  const job = maskJob(record);
  return {
    start_block_id: job.start_block_num,
    end_block_id: job.end_block_num,
    snapshot_path: job.snapshot_path,
    storage_type: job.storage_type,
    expected_integrity_hash: job.expected_integrity_hash ?? '',
    ...(job.spring_version === undefined
      ? { leap_version: job.leap_version }
      : { spring_version: job.spring_version }),
    ...(job.manifest_nodeos_version === null ? {} : { nodeos_version: job.manifest_nodeos_version }),
    ...(job.nodeos_options.length === 0 ? {} : { nodeos_options: job.nodeos_options }),
    ...(job.blocks_path === null ? {} : { blocks_path: job.blocks_path }),
    ...(job.genesis_path === null ? {} : { genesis_path: job.genesis_path }),
    ...(job.snapshot_sha256 === null ? {} : { snapshot_sha256: job.snapshot_sha256 }),
  };
}
