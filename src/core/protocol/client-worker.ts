import type { LogPart } from '../domain/log-part.ts';
import type { AttemptEvidence } from './attempt-evidence.ts';
import { errorOfAnswer } from './client-answer.ts';
import type { CallOptions, Connection } from './client-connection.ts';
import { versionedJob, versionOf, type VersionedJob } from './client-job.ts';
import { expectDone, recordOf } from './client-record.ts';
import { FULL_RECORD_TYPE, type JobUpdate } from './full-record.ts';
import type { HostReportRecord } from './host-report.ts';
import type { JoinAnswer, JoinRecord } from './join-record.ts';
import { textOfLines, type LogPartAnswer } from './log-text.ts';
import { JOIN_SCHEMAS } from './schemas/join.ts';
import { LOG_SCHEMAS } from './schemas/log.ts';
import type { SelfCheckRecord } from './self-check-record.ts';

export interface StartHash {
  /** The block at which the snapshot was taken: the slice that *ends* there must arrive at the hash. */
  block: number;
  hash: string;
  versionField: 'leap_version' | 'spring_version';
  version: string;
}

/** One attempt at a job. */
interface AttemptName {
  jobId: number;
  attempt: number;
}

export type WorkerCalls = ReturnType<typeof workerCalls>;

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };

/** What a host asks and reports while it works. */
export function workerCalls(connection: Connection) {
  return {
    /** Exchanges the join token of this client for a token of the host's own. */
    async join(record: JoinRecord, options: CallOptions = {}): Promise<JoinAnswer> {
      // A hundred hosts may join at once, and each is written down.
      const patient = { ...options, timeoutMs: options.timeoutMs ?? 30_000 };
      const headers = { Accept: 'application/json' };
      const answer = await connection.post('/join', JSON.stringify(record), patient, headers);
      return recordOf(answer, JOIN_SCHEMAS.JoinAnswer, 'one to a host that joins');
    },

    /** The next job that waits, reserved for this worker for a few seconds; null when none does. */
    async nextJob(options: CallOptions = {}): Promise<VersionedJob | null> {
      const answer = await connection.get('/job?nextjob', FULL_RECORD_TYPE, options);
      return answer.status === 404 ? null : versionedJob(answer);
    },

    /** Changes the job if it is still the version that is named. Returns its new version. */
    async update(jobId: number, etag: string, update: JobUpdate, options: CallOptions = {}): Promise<string> {
      const body = JSON.stringify(update);
      const answer = await connection.post(`/job?jobid=${jobId}`, body, options, { 'If-Match': etag });
      if (answer.status !== 200) throw errorOfAnswer(answer);
      return versionOf(answer);
    },

    /** Reports what the snapshot at a block gave. False when no slice ends there. */
    async postStartHash(start: StartHash, options: CallOptions = {}): Promise<boolean> {
      const body = JSON.stringify({
        end_block_num: start.block,
        integrity_hash: start.hash,
        [start.versionField]: start.version,
      });
      const answer = await connection.post('/config', body, options);
      if (answer.status === 404) return false;
      if (answer.status !== 200) throw errorOfAnswer(answer);
      return true;
    },

    /** Leaves the last log lines of one of this worker's attempts with the orchestrator. */
    async postLog(
      { jobId, attempt }: AttemptName,
      lines: readonly string[],
      options: CallOptions = {},
    ): Promise<void> {
      const path = `/job/log?jobid=${jobId}&attempt=${attempt}`;
      expectDone(await connection.post(path, lines.join('\n'), options, TEXT));
    },

    /**
     * Sends a part of the log of this worker's attempt at work.
     * @param last the attempt is about to end: what there is of its log is to be kept
     * @returns null from an older orchestrator, which has taken the part for the whole log
     */
    async postLogPart(
      { jobId, attempt }: AttemptName,
      { from, skipped, lines }: LogPart,
      last: boolean,
      options: CallOptions = {},
    ): Promise<LogPartAnswer | null> {
      const query = `jobid=${jobId}&attempt=${attempt}&from=${from}&skipped=${skipped}${last ? '&last' : ''}`;
      const answer = await connection.post(`/job/log?${query}`, textOfLines(lines), options, TEXT);
      const { status, next, followed = false } = recordOf(answer, LOG_SCHEMAS.LogAnswer, 'one to a log');
      return next === undefined ? null : { status, next, followed };
    },

    /** Leaves with the orchestrator what is needed to repeat one of this worker's attempts. */
    async postEvidence(
      { jobId, attempt }: AttemptName,
      evidence: AttemptEvidence,
      options: CallOptions = {},
    ): Promise<void> {
      const path = `/job/evidence?jobid=${jobId}&attempt=${attempt}`;
      expectDone(await connection.post(path, JSON.stringify(evidence), options));
    },

    /** Says what this host found out about itself after it was set aside. */
    async postSelfCheck(check: SelfCheckRecord, options: CallOptions = {}): Promise<void> {
      expectDone(await connection.post('/host/selfcheck', JSON.stringify(check), options));
    },

    /** Says what this host is and how it is. */
    async postHostReport(report: HostReportRecord, options: CallOptions = {}): Promise<void> {
      expectDone(await connection.post('/host/report', JSON.stringify(report), options));
    },
  };
}
