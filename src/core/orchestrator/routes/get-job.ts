import { FULL_RECORD_TYPE } from '../../protocol/full-record.ts';
import { recordText } from '../../protocol/job-text.ts';
import { OFFERS, negotiate } from '../../protocol/negotiate.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { toJobRecord } from '../../protocol/record.ts';
import { toFullRecord } from '../../protocol/to-full-record.ts';
import type { StoredJob } from '../../store/stored-job.ts';
import type { Context } from '../context.ts';
import { HTML_TYPE, HttpError, JSON_TYPE, TEXT_TYPE, type Reply } from '../http/reply.ts';
import { idParameter, type ApiRequest } from '../http/request.ts';
import { jobPage } from '../pages/job-pages.ts';
import { etagOf } from '../versions.ts';

/** GET /job (PROTOCOL section 3). */
export async function getJob(request: ApiRequest, context: Context): Promise<Reply> {
  const { query } = request;
  if (query.has('jobid')) return jobReply(request, context, findJob(request, context));
  if (!query.has('nextjob')) return { status: 301, headers: { Location: '/job?nextjob' } };
  const offered = context.offers.next(request.callerKey, context.now());
  if (!offered) throw noSuchJob();
  return jobReply(request, context, offered);
}

/** @throws HttpError 404 when there is no such job in the current run */
export function findJob(request: ApiRequest, context: Context): StoredJob {
  const jobId = idParameter(request, 'jobid');
  const stored = jobId === null ? undefined : context.store.view.get(jobId);
  if (!stored) throw noSuchJob();
  return stored;
}

export function noSuchJob(): HttpError {
  return new HttpError(404, 'Could not find job', { code: 'JOB_NOT_FOUND' });
}

function jobReply(request: ApiRequest, context: Context, stored: StoredJob): Reply {
  const headers = { ETag: etagOf(context.store.run.info.salt, stored), Vary: 'Accept' };
  const form = negotiate(request.header('accept'), OFFERS.job, 'text');
  switch (form) {
    case 'full': {
      const body = pythonJson(toFullRecord(stored.job, context.now()));
      return { status: 200, type: FULL_RECORD_TYPE, body, headers };
    }
    case 'json':
      return { status: 200, type: JSON_TYPE, body: pythonJson(toJobRecord(stored.job)), headers };
    case 'html': {
      const body = jobPage(toFullRecord(stored.job, context.now()));
      return { status: 200, type: HTML_TYPE, body, headers };
    }
    case 'text':
      return { status: 200, type: TEXT_TYPE, body: recordText(toJobRecord(stored.job)), headers };
    default: {
      const never: never = form;
      throw new Error(`no such form: ${String(never)}`);
    }
  }
}
