import { OrchestratorError } from './client-error.ts';
import type { HttpAnswer } from './client-http.ts';
import { recordOf } from './client-record.ts';
import type { FullJobRecord } from './full-record.ts';
import { JOB_SCHEMAS } from './schemas/job.ts';

/** A job as read, with the version that has to be named to change it. */
export interface VersionedJob {
  job: FullJobRecord;
  etag: string;
}

export function versionedJob(answer: HttpAnswer): VersionedJob {
  return { job: recordOf(answer, JOB_SCHEMAS.FullJob, 'a job'), etag: versionOf(answer) };
}

/** @throws OrchestratorError `bad-answer` when the answer has none */
export function versionOf({ headers, status }: HttpAnswer): string {
  const etag = headers.get('etag');
  if (etag === null || etag === '') {
    throw new OrchestratorError('bad-answer', 'its answer lacks the version of the job (ETag)', { status });
  }
  return etag;
}
