import type { JobClient } from '../../jobs/change-jobs.ts';
import { errorOfAnswer } from '../../protocol/client-answer.ts';
import { OrchestratorError } from '../../protocol/client-error.ts';
import { FULL_RECORD_TYPE, type FullJobRecord } from '../../protocol/full-record.ts';
import { readJson } from './read-json.ts';

/** Reads and changes jobs from a page, as `replay jobs` does from the command line. */
export const jobClient: JobClient = {
  async getJob(jobId) {
    const { response, body } = await exchange(`/job?jobid=${jobId}`, {
      headers: { Accept: FULL_RECORD_TYPE },
    });
    if (response.status === 404) return null;
    return { job: readJson(body) as FullJobRecord, etag: response.headers.get('etag') ?? '' };
  },
  async update(jobId, etag, update) {
    const { response } = await exchange(`/job?jobid=${jobId}`, {
      method: 'POST',
      headers: { 'If-Match': etag },
      body: JSON.stringify(update),
    });
    return response.headers.get('etag') ?? '';
  },
};

async function exchange(path: string, init: RequestInit): Promise<{ response: Response; body: string }> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(path, { ...init, signal: AbortSignal.timeout(30_000) });
    body = await response.text();
  } catch (error) {
    throw new OrchestratorError('unreachable', 'no answer came', { cause: error });
  }
  const { status, headers } = response;
  if (!response.ok && status !== 404) throw errorOfAnswer({ status, headers, body });
  return { response, body };
}
