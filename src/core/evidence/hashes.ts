import type { FullJobRecord } from '../protocol/full-record.ts';
import type { EvidenceOfJob } from './evidence.ts';
import { maskUrl } from './mask.ts';

/** Every hash that has to do with the slice, with what it is the hash of. */
export function hashesOf({ job, run, before, after }: EvidenceOfJob): object {
  const mine = job.replay_slice_id;
  return {
    end_block: job.end_block_num,
    verdict: job.verdict,
    expected_integrity_hash: job.expected_integrity_hash,
    actual_integrity_hash: job.actual_integrity_hash,
    known_integrity_hash: job.known_integrity_hash,
    attempts: job.attempts.flatMap((attempt) => [
      {
        attempt: attempt.number,
        late: false,
        worker_id: attempt.worker_id,
        hash: attempt.actual_integrity_hash,
      },
      ...attempt.late_results.map((late) => ({
        attempt: attempt.number,
        late: true,
        worker_id: attempt.worker_id,
        hash: late.actual_integrity_hash,
      })),
    ]),
    slices_that_end_at_the_start: before.map(neighbour),
    slices_that_start_at_the_end: after.map(neighbour),
    hash_conflicts: run.hash_conflicts.filter(
      ({ configid, block }) =>
        configid === mine || block === job.start_block_num || block === job.end_block_num,
    ),
    suspect_snapshots: run.suspect_snapshots
      .filter(({ block }) => block === job.start_block_num || block === job.end_block_num)
      .map((suspect) => ({ ...suspect, snapshot_path: maskUrl(suspect.snapshot_path) })),
  };
}

function neighbour(job: FullJobRecord): object {
  return {
    job_id: job.job_id,
    replay_slice_id: job.replay_slice_id,
    start_block_num: job.start_block_num,
    end_block_num: job.end_block_num,
    requested_version: job.spring_version ?? job.leap_version ?? null,
    nodeos_version: job.nodeos_version,
    status: job.status,
    verdict: job.verdict,
    expected_integrity_hash: job.expected_integrity_hash,
    actual_integrity_hash: job.actual_integrity_hash,
    known_integrity_hash: job.known_integrity_hash,
  };
}
