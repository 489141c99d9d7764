import { createHash } from 'node:crypto';
import type { Job } from '../../domain/job.ts';
import { withLateResult } from '../../domain/late-result.ts';
import { afterFailure, withoutRetry } from '../../domain/retry.ts';
import { formatUtc } from '../../domain/time.ts';
import {
  decideUpdate,
  isHeld,
  isHeldByAnother,
  withFreshBudgets,
  type Decision,
  type JobUpdateInput,
} from '../../domain/transition.ts';
import { parseObject } from '../../protocol/fields.ts';
import { parseUpdate } from '../../protocol/parse-update.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import type { Overlay } from '../../store/overlay.ts';
import type { StoredJob } from '../../store/stored-job.ts';
import { asksForAnotherRun, speaksForNamedHolder } from '../access/another-run.ts';
import { requireRight } from '../access/caller.ts';
import type { Context } from '../context.ts';
import { heldBy } from '../holder.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import { idParameter, type ApiRequest } from '../http/request.ts';
import { etagOf, matchVersion, readPrecondition, staleVersion, type Match } from '../versions.ts';
import { dismissedError } from './dismiss.ts';
import { noSuchJob } from './get-job.ts';
import { setAsideError } from './set-aside.ts';

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
    const question = { request, context, jobs, stored, update, digest };
    const precondition = readPrecondition(request);
    const sender = { worker: request.workerId, digest };
    const match = matchVersion(context.store.run.info.salt, stored, precondition, sender);
    if (match.kind === 'stale') {
      keepEvidence(question);
      return () => {
        throw staleVersion(precondition);
      };
    }
    const next = match.kind === 'repeated' ? null : decide(question, match.revision);
    if (next) jobs.put(next);
    heardFrom(request, context, next ?? stored, match);
    return () => updatedReply(context, jobId);
  });
}

interface Question {
  request: ApiRequest;
  context: Context;
  jobs: Overlay;
  stored: StoredJob;
  update: JobUpdateInput;
  /** SHA-256 of the body. */
  digest: string;
}

/**
 * The job after the update; null when nothing changes.
 *
 * @param from the revision that the update is based on; null: any
 * @throws HttpError when the update is refused
 */
function decide(question: Question, from: number | null): StoredJob | null {
  const { request, context, stored, update, digest } = question;
  const { workerId, callerKey } = request;
  const before = stored.job.status;
  const claiming = before === 'WAITING_4_WORKER' && update.status === 'STARTED';
  const caller = claiming ? { workerId, claimNumber: claim(question) } : { workerId };
  const decision = decideUpdate(stored.job, update, caller, formatUtc(context.now()));
  if (decision.kind === 'unchanged') return null;
  if (decision.kind === 'rejected') {
    if (isHeldByAnother(stored.job, workerId)) keepEvidence(question);
    throw rejection(decision);
  }
  const { job: updated } = decision;
  const asks = { before, wanted: update.status, holder: stored.holder, caller: callerKey };
  const anotherRun = asksForAnotherRun(asks);
  if (anotherRun) requireRight(request.caller, 'admin', 'to ask for another run of a job');
  if (speaksForNamedHolder(before, stored.job.workerId, workerId)) {
    requireRight(request.caller, 'admin', 'to speak for the worker that holds a job');
  }
  const holder = claiming ? callerKey : isHeld(updated.status) ? stored.holder : null;
  const { revision } = updated;
  const lastUpdate =
    workerId !== null && from !== null ? { worker: workerId, from, to: revision, digest } : null;
  const job = anotherRun ? withFreshBudgets(updated) : followUp(question, updated);
  return { job, fence: revision, holder, lastUpdate };
}

/**
 * The number of a claim that may be made.
 * @throws HttpError 403 or 409 when this worker may not hold the job
 */
function claim({ request: { workerId, callerKey }, context, jobs }: Question): number {
  const { hosts, pause, dismissed } = context;
  const setAside = hosts.setAside(workerId);
  if (setAside !== null) throw setAsideError(setAside);
  if (dismissed.has(workerId)) throw dismissedError();
  if (pause.state !== null) {
    const why = `The run is paused since ${pause.state.since}Z: no job is handed out until it is resumed`;
    throw new HttpError(409, why, { code: 'RUN_PAUSED' });
  }
  const held = workerId === null ? null : heldBy(jobs, context, callerKey);
  if (held !== null) {
    throw new HttpError(409, `${workerId} holds job ${held.jobId} already`, { code: 'WORKER_HOLDS_JOB' });
  }
  return hosts.nextClaim();
}

/** What the orchestrator makes of a failure that was reported: another attempt, or the end. */
function followUp({ context, stored, update }: Question, job: Job): Job {
  if (!isHeld(stored.job.status) || isHeld(job.status) || job.status === 'COMPLETE') return job;
  const { policy, now, random } = context;
  // TIMEOUT without a cause is a client that has given up for good.
  const retried = update.status !== 'TIMEOUT' || update.errorCause != null;
  return retried ? afterFailure(job, { policy, now: now(), random: random() }) : withoutRetry(job);
}

/** The holder of a job, or who has proved that it is, keeps it for another term. */
function heardFrom({ callerKey }: ApiRequest, context: Context, stored: StoredJob, match: Match): void {
  const { job, holder } = stored;
  const proven = match.kind === 'current' && match.revision !== null;
  if (!isHeld(job.status) || !(proven || holder === callerKey)) return;
  context.leases.renew(job.jobId);
  if (holder !== null) context.hosts.saw(holder);
}

/** A result that comes too late is kept with the attempt that it belongs to. It changes nothing else. */
function keepEvidence({ request: { workerId }, context, jobs, stored, update }: Question): void {
  const { status, actualHash = null, errorCause = null, errorMessage = null } = update;
  if (workerId === null || (status !== 'COMPLETE' && status !== 'ERROR')) return;
  const said = { status, hash: actualHash, cause: errorCause, message: errorMessage };
  const job = withLateResult(stored.job, workerId, { at: formatUtc(context.now()), ...said });
  if (job === null) return;
  jobs.annotate({ ...stored, job });
  const fields = { job: job.jobId, worker: workerId, result: status, hash: actualHash };
  context.logger.warn(fields, 'a result came too late; it is kept as evidence, and changes nothing');
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
