import { FULL_RECORD_TYPE } from '../../protocol/full-record.ts';
import { recordText } from '../../protocol/job-text.ts';
import { OFFERS, negotiate } from '../../protocol/negotiate.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { toJobRecord } from '../../protocol/record.ts';
import { toFullRecord } from '../../protocol/to-full-record.ts';
import type { JobView } from '../../store/job-table.ts';
import type { StoredJob } from '../../store/stored-job.ts';
import type { Context } from '../context.ts';
import { heldBy } from '../holder.ts';
import { HttpError, JSON_TYPE, PAGE, TEXT_TYPE, type Reply } from '../http/reply.ts';
import { idParameter, type ApiRequest } from '../http/request.ts';
import { etagOf } from '../versions.ts';
import { askedRun, currentRun, type AskedRun } from './asked-run.ts';
import { setAsideError } from './set-aside.ts';

/** GET /job (docs/protocol.md); with jobid also of a past run. */
export async function getJob(request: ApiRequest, context: Context): Promise<Reply> {
  const { query } = request;
  if (query.has('jobid')) {
    const run = await askedRun(request, context);
    return jobReply(request, run, findJobIn(request, run.view));
  }
  if (!query.has('nextjob')) return { status: 301, headers: { Location: '/job?nextjob' } };
  checkAsker(request, context);
  if (context.pause.state !== null || context.dismissed.has(request.workerId)) throw noSuchJob();
  const offered = context.offers.next(request);
  if (!offered) throw noSuchJob();
  return jobReply(request, currentRun(context), offered);
}

/** A worker that names itself is offered a job only if it is well and holds none. */
function checkAsker({ workerId, callerKey }: ApiRequest, context: Context): void {
  if (workerId === null) return;
  const { hosts, leases, logger, store } = context;
  hosts.saw(callerKey);
  const setAside = hosts.setAside(workerId);
  if (setAside !== null) throw setAsideError(setAside);
  const held = heldBy(store.view, context, callerKey);
  if (held === null) return;
  logger.warn(
    { worker: workerId, job: held.jobId },
    'a worker asks for a job while it holds one: it lost track of it, or another of the same name is running',
  );
  const until = leases.expiresAt(held.jobId) ?? '';
  const why = `${workerId} holds job ${held.jobId} until it gives it back or its lease ends (${until})`;
  throw new HttpError(404, `Could not find job: ${why}`, { code: 'WORKER_HOLDS_JOB' });
}

/** @throws HttpError 404 when there is no such job in the current run */
export function findJob(request: ApiRequest, context: Context): StoredJob {
  return findJobIn(request, context.store.view);
}

/** @throws HttpError 404 when there is no such job in the run */
export function findJobIn(request: ApiRequest, view: JobView): StoredJob {
  const jobId = idParameter(request, 'jobid');
  const stored = jobId === null ? undefined : view.get(jobId);
  if (!stored) throw noSuchJob();
  return stored;
}

export function noSuchJob(): HttpError {
  return new HttpError(404, 'Could not find job', { code: 'JOB_NOT_FOUND' });
}

function jobReply(request: ApiRequest, { salt, records }: AskedRun, stored: StoredJob): Reply {
  const headers = { ETag: etagOf(salt, stored), Vary: 'Accept' };
  const form = negotiate(request.header('accept'), OFFERS.job, 'text');
  switch (form) {
    case 'full': {
      const body = pythonJson(toFullRecord(stored.job, records));
      return { status: 200, type: FULL_RECORD_TYPE, body, headers };
    }
    case 'json':
      return { status: 200, type: JSON_TYPE, body: pythonJson(toJobRecord(stored.job)), headers };
    case 'html':
      return PAGE;
    case 'text':
      return { status: 200, type: TEXT_TYPE, body: recordText(toJobRecord(stored.job)), headers };
    default: {
      const never: never = form;
      throw new Error(`no such form: ${String(never)}`);
    }
  }
}
