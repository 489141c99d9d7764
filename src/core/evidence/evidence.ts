import type { AttemptEvidence } from '../protocol/attempt-evidence.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import type { SummaryRecord } from '../protocol/summary-record.ts';

/** All that is known of one job, from whichever side it was read. */
export interface EvidenceOfJob {
  job: FullJobRecord;
  /** The attempt that is to be repeated, from 1. The others are kept beside it. */
  attempt: number;
  run: Pick<SummaryRecord, 'run_id' | 'hash_conflicts' | 'suspect_snapshots'>;
  /** Jobs whose slices end where this one starts, and start where this one ends. */
  before: readonly FullJobRecord[];
  after: readonly FullJobRecord[];
  /** By the number of the attempt; those that left none are missing. */
  logs: ReadonlyMap<number, string>;
  evidence: ReadonlyMap<number, AttemptEvidence>;
}

/** A file of the archive. The name is relative to its top folder. */
export interface ArchiveFile {
  name: string;
  content: string;
  executable?: boolean;
}
