import { createHash } from 'node:crypto';
import { formatUtc } from '../../domain/time.ts';
import { decideUpdate, type Decision, type JobUpdateInput } from '../../domain/transition.ts';
import { parseObject } from '../../protocol/fields.ts';
import { parseUpdate } from '../../protocol/parse-update.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import type { StoredJob } from '../../store/stored-job.ts';
import { asksForAnotherRun } from '../access/another-run.ts';
import { requireRight } from '../access/caller.ts';
import type { Context } from '../context.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import { idParameter, type ApiRequest } from '../http/request.ts';
import { etagOf, matchVersion, readPrecondition } from '../versions.ts';
import { noSuchJob } from './get-job.ts';

/** Bytes of a request body. */
export const BODY_LIMIT = 1024 * 1024;

/** POST /job?jobid=N (PROTOCOL section 3). The answer is given when the change is on disk. */
export async function postJob(request: ApiRequest, context: Context): Promise<Reply> {
  const body = await request.body(BODY_LIMIT);
  if (!request.query.has('jobid')) {
    throw new HttpError(404, 'jobid parameter is missing', { code: 'JOB_ID_MISSING' });
  }
  const jobId = idParameter(request, 'jobid');
  if (jobId === null || !context.store.view.get(jobId)) throw noSuchJob();
  const update = parseUpdate(parseObject(body));
  const digest = createHash('sha256').update(body).digest('hex');
  return context.store.change((jobs) => {
    const stored = jobs.get(jobId);
    if (!stored) throw noSuchJob();
    const next = decide({ request, context, stored, update, digest });
    if (next) jobs.put(next);
    return () => updatedReply(context, jobId);
  });
}

interface Question {
  request: ApiRequest;
  context: Context;
  stored: StoredJob;
  update: JobUpdateInput;
  /** SHA-256 of the body. */
  digest: string;
}

/**
 * The job after the update; null when nothing changes.
 * @throws HttpError when the update is refused
 */
function decide({ request, context, stored, update, digest }: Question): StoredJob | null {
  const { salt } = context.store.run.info;
  const { workerId, callerKey } = request;
  const match = matchVersion(salt, stored, readPrecondition(request), { worker: workerId, digest });
  if (match.kind === 'repeated') return null;
  const decision = decideUpdate(stored.job, update, { workerId }, formatUtc(context.now()));
  if (decision.kind === 'unchanged') return null;
  if (decision.kind === 'rejected') throw rejection(decision);
  const { job } = decision;
  const { status: before } = stored.job;
  if (asksForAnotherRun({ before, wanted: update.status, holder: stored.holder, caller: callerKey })) {
    requireRight(request.caller, 'admin', 'to ask for another run of a job');
  }
  const claimed = stored.job.status === 'WAITING_4_WORKER' && job.status === 'STARTED';
  const holder = job.status === 'WAITING_4_WORKER' ? null : claimed ? callerKey : stored.holder;
  const lastUpdate =
    workerId !== null && match.revision !== null
      ? { worker: workerId, from: match.revision, to: job.revision, digest }
      : null;
  return { job, fence: job.revision, holder, lastUpdate };
}

function rejection({ code, reason }: Extract<Decision, { kind: 'rejected' }>): HttpError {
  switch (code) {
    case 'BAD_FIELD':
      return new HttpError(400, reason, { code });
    case 'BAD_MOVE':
      return new HttpError(409, reason, { code });
    default: {
      const never: never = code;
      throw new Error(`no such rejection: ${String(never)}`);
    }
  }
}

function updatedReply({ store }: Context, jobId: number): Reply {
  const stored = store.view.get(jobId);
  if (!stored) throw noSuchJob();
  return {
    status: 200,
    type: JSON_TYPE,
    body: pythonJson({ status: 'updated' }),
    headers: { ETag: etagOf(store.run.info.salt, stored) },
  };
}
