import type { JobOutcome } from '../../jobs/outcome.ts';
import { decideRetry, type RetryOptions } from '../../jobs/retry.ts';
import { formatUtc } from '../../domain/time.ts';
import { decideUpdate, hasFailed, withFreshBudgets } from '../../domain/transition.ts';
import type { JobOutcomeRecord } from '../../protocol/control-record.ts';
import { describe, FieldError, parseObject, present, type Fields } from '../../protocol/fields.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { toFullRecord } from '../../protocol/to-full-record.ts';
import { StoreUnavailable } from '../../store/group-commit.ts';
import type { Overlay } from '../../store/overlay.ts';
import type { StoredJob } from '../../store/stored-job.ts';
import { callerName } from '../access/caller.ts';
import type { Context } from '../context.ts';
import { inParts } from '../http/parts.ts';
import { JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { recordContext } from '../record-context.ts';
import { BODY_LIMIT } from './post-job.ts';

/** Jobs that are written together: others wait for no more than these. */
const JOBS_AT_ONCE = 200;

/**
 * POST /jobs/retry: another run of all jobs that have failed, or of those that are named, in one request.
 * Each job is decided about by itself, as it is when it is its turn.
 */
export async function postJobsRetry(request: ApiRequest, context: Context): Promise<Reply> {
  const asked = parse(parseObject(await request.body(BODY_LIMIT)));
  const jobIds = asked.jobIds ?? failedJobs(context);
  const outcomes: JobOutcome[] = [];
  for (let first = 0; first < jobIds.length; first += JOBS_AT_ONCE) {
    const some = jobIds.slice(first, first + JOBS_AT_ONCE);
    try {
      outcomes.push(...(await retrySome(some, asked.options, context)));
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || outcomes.length === 0) throw error;
      outcomes.push(...jobIds.slice(first).map(notStored));
      break;
    }
  }
  const queued = outcomes.filter(({ outcome }) => outcome === 'queued').length;
  const by = callerName(request.caller);
  context.logger.info({ jobs: jobIds.length, queued, by }, 'a person asked for another run of jobs');
  const frame = { before: '{"jobs": [', between: ', ', after: ']}' };
  const body = inParts(outcomes, frame, (outcome) => pythonJson({ ...toRecord(outcome) }));
  return { status: 200, type: JSON_TYPE, body };
}

/** Resolves when what was decided is on disk. */
function retrySome(
  jobIds: readonly number[],
  options: RetryOptions,
  context: Context,
): Promise<JobOutcome[]> {
  const decide = decideRetry(options);
  return context.store.change((jobs) => {
    const outcomes = jobIds.map((jobId) => {
      const stored = jobs.get(jobId);
      if (!stored) return notFound(jobId);
      const read = toFullRecord(stored.job, recordContext(context));
      const step = decide(read, read);
      if (step.kind === 'ask') putBack(jobs, stored, step.update.error_message ?? null, context);
      return step.outcome;
    });
    return () => outcomes;
  });
}

/** As POST /job does it for a person, in the same version in which the job was decided about. */
function putBack(jobs: Overlay, { job }: StoredJob, errorMessage: string | null, { now }: Context): void {
  const update = { status: 'WAITING_4_WORKER' as const, errorMessage };
  const decision = decideUpdate(job, update, { workerId: null }, formatUtc(now()));
  if (decision.kind !== 'changed') throw new Error(`job ${job.jobId} cannot be put back from ${job.status}`);
  const next = withFreshBudgets(decision.job);
  jobs.put({ job: next, fence: next.revision, holder: null, lastUpdate: null });
}

function failedJobs({ store }: Context): number[] {
  return Array.from(store.view.all(), ({ job }) => job).flatMap((job) => (hasFailed(job) ? [job.jobId] : []));
}

function parse(fields: Fields): { jobIds: number[] | null; options: RetryOptions } {
  const [failed, force] = [flag(fields, 'failed'), flag(fields, 'force')];
  const jobIds = idsOf(present(fields, 'job_ids'));
  if (failed === (jobIds !== null)) throw new FieldError('Either failed must be true, or job_ids be a list');
  if (failed && force) throw new FieldError('force is for jobs that run, and failed for those that do not');
  return { jobIds, options: { takenBy: force ? 'POST /jobs/retry' : null, onlyFailed: failed } };
}

function flag(fields: Fields, name: string): boolean {
  const value = present(fields, name) ?? false;
  if (typeof value === 'boolean') return value;
  throw new FieldError(`${name} must be true or false, and is ${describe(value)}`);
}

/** Each once, in the order in which they came. */
function idsOf(value: unknown): number[] | null {
  if (value === undefined) return null;
  const isList = Array.isArray(value) && value.every((id) => Number.isSafeInteger(id) && Number(id) > 0);
  if (isList) return [...new Set(value as number[])];
  throw new FieldError(`job_ids must be a list of numbers of jobs, and is ${describe(value)}`);
}

function notFound(jobId: number): JobOutcome {
  return { jobId, done: false, outcome: 'not-found', statusBefore: null, message: 'is not in this run' };
}

function notStored(jobId: number): JobOutcome {
  const message = 'was not changed: the change could not be stored';
  return { jobId, done: false, outcome: 'failed', statusBefore: null, message };
}

function toRecord({ jobId, done, outcome, statusBefore, message }: JobOutcome): JobOutcomeRecord {
  return { job_id: jobId, done, outcome, status_before: statusBefore, message };
}
