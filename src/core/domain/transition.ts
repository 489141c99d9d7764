/**
 * What may become of a job, state by state.
 *
 * WAITING_4_WORKER  nobody holds it. A claim (STARTED) opens an attempt.
 * STARTED           held: the worker installs nodeos and fetches the snapshot and the blocks.
 * LOADING_SNAPSHOT  held: nodeos reads the snapshot.
 * WORKING           held: nodeos replays blocks, then its final hash is taken.
 * COMPLETE          the end block was reached and its hash is known. The verdict is settled elsewhere (ledger.ts).
 * HASH_MISMATCH     COMPLETE, but the hash differs from all that is known of it. Only the orchestrator says so.
 * ERROR, TIMEOUT    the last attempt failed, or its worker was lost, and no other attempt follows by itself.
 *
 * Back to WAITING_4_WORKER: from a held state the attempt is returned; from a final state somebody asks
 * for another run. Attempts are never lost. What the orchestrator itself does after a failure stands in
 * retry.ts, and when a holder is not heard from in lease.ts.
 */
import { changeLastAttempt, openAttempt } from './attempts.ts';
import type { Cause } from './cause.ts';
import type { Attempt, Job, JobStatus, Stage } from './job.ts';
import { badField, checkUpdate } from './job-update.ts';
import type { JobUpdateInput } from './job-update.ts';

export { parseStatus } from './job-update.ts';
export type { JobUpdateInput } from './job-update.ts';

/** PROTOCOL section 1. Repeating the state that a job is in is not a move and stands in no row, but for progress. */
export const MOVES: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  WAITING_4_WORKER: ['STARTED'],
  STARTED: ['LOADING_SNAPSHOT', 'WORKING', 'COMPLETE', 'ERROR', 'TIMEOUT', 'WAITING_4_WORKER'],
  LOADING_SNAPSHOT: ['WORKING', 'COMPLETE', 'ERROR', 'TIMEOUT', 'WAITING_4_WORKER'],
  WORKING: ['WORKING', 'COMPLETE', 'ERROR', 'TIMEOUT', 'WAITING_4_WORKER'],
  COMPLETE: ['HASH_MISMATCH', 'WAITING_4_WORKER'],
  HASH_MISMATCH: ['COMPLETE', 'WAITING_4_WORKER'],
  ERROR: ['WAITING_4_WORKER'],
  TIMEOUT: ['WAITING_4_WORKER'],
};

/** Some worker holds the job. */
export function isHeld(status: JobStatus): boolean {
  return status === 'STARTED' || status === 'LOADING_SNAPSHOT' || status === 'WORKING';
}

/** It ended, and not with a result that could be right. */
export function hasFailed({ status }: { status: JobStatus }): boolean {
  return isFinal(status) && status !== 'COMPLETE';
}

/** The job is at an end unless somebody asks for another run. */
export function isFinal(status: JobStatus): boolean {
  return status !== 'WAITING_4_WORKER' && !isHeld(status);
}

interface Caller {
  /** null: not known. */
  readonly workerId: string | null;
  /** For the attempt, if this is a claim. */
  readonly claimNumber?: number;
}

export type Decision =
  | { readonly kind: 'changed'; readonly job: Job }
  /** Accepted, with nothing new in it: a heartbeat, or a request that was sent twice. */
  | { readonly kind: 'unchanged'; readonly job: Job }
  /** BAD_FIELD: the request is wrong in itself (400). BAD_MOVE: it does not fit the job's state (409). */
  | {
      readonly kind: 'rejected';
      readonly code: 'BAD_FIELD' | 'BAD_MOVE';
      readonly reason: string;
      /** With BAD_FIELD: the field as it is called on the wire. */
      readonly field?: string;
    };

type Rejection = Extract<Decision, { kind: 'rejected' }>;

/**
 * Decides what an update makes of a job. The caller has proved by the ETag that it knows the job as it is.
 *
 * @param now UTC, `YYYY-MM-DDTHH:MM:SS`.
 */
export function decideUpdate(job: Job, update: JobUpdateInput, caller: Caller, now: string): Decision {
  const refusal = refuseMove(job, update.status, caller) ?? refuseSecondClaim(job, update);
  if (refusal !== null) return refusal;
  const checked = checkUpdate(update);
  if ('reason' in checked) return { kind: 'rejected', code: 'BAD_FIELD', ...checked };
  const next = apply(job, checked, caller, now);
  if ('kind' in next) return next;
  return isSame(job, next)
    ? { kind: 'unchanged', job }
    : { kind: 'changed', job: { ...next, revision: job.revision + 1 } };
}

function refuseMove(job: Job, to: JobStatus, caller: Caller): Rejection | null {
  const from = job.status;
  if (to === 'HASH_MISMATCH') {
    return badMove(job, to, 'only the orchestrator sets HASH_MISMATCH; send COMPLETE with the hash');
  }
  if (from === 'HASH_MISMATCH' && to === 'COMPLETE') {
    return badMove(job, to, 'only the orchestrator takes back a HASH_MISMATCH');
  }
  // To take it from its holder is a person's decision; the caller's right to it is checked elsewhere.
  if (to !== 'WAITING_4_WORKER' && isHeldByAnother(job, caller.workerId)) {
    return badMove(job, to, `it is held by ${job.workerId}`);
  }
  if (from === to || MOVES[from].includes(to)) return null;
  return badMove(job, to, `from ${from} a job may become ${MOVES[from].join(', ')}`);
}

/**
 * Whether a worker that names itself speaks of a job that another one holds. Its version may be right all
 * the same, when it has read the job since or names any; two would then replay the slice.
 */
export function isHeldByAnother({ status, workerId: holder }: Job, workerId: string | null): boolean {
  return isHeld(status) && holder !== null && workerId !== null && holder !== workerId;
}

/** A claim is sent again when its answer was lost; another worker of the same name sends a claim of its own. */
function refuseSecondClaim(job: Job, { status, claimId }: JobUpdateInput): Rejection | null {
  const made = job.attempts.at(-1)?.claimId;
  if (status !== 'STARTED' || job.status !== 'STARTED' || !made || !claimId || made === claimId) return null;
  return badMove(job, status, `it is held by another worker that is called ${job.workerId}`);
}

function badMove(job: Job, to: JobStatus, why: string): Rejection {
  const reason = `job ${job.jobId} cannot go from ${job.status} to ${to}: ${why}`;
  return { kind: 'rejected', code: 'BAD_MOVE', reason };
}

function apply(job: Job, update: JobUpdateInput, caller: Caller, now: string): Job | Rejection {
  const { status } = update;
  switch (status) {
    case 'STARTED':
      return job.status === 'WAITING_4_WORKER' ? claim(job, update, caller, now) : progress(job, update);
    case 'LOADING_SNAPSHOT':
    case 'WORKING':
      return progress(job, update);
    case 'COMPLETE':
      return job.status === 'COMPLETE' ? confirm(job, update) : complete(job, update, now);
    case 'ERROR':
    case 'TIMEOUT':
      return job.status === status ? job : fail(job, status, update, now);
    case 'WAITING_4_WORKER':
      return job.status === status ? job : putBack(job, update, now);
    case 'HASH_MISMATCH':
      return badMove(job, status, 'only the orchestrator sets it');
    default: {
      const never: never = status;
      throw new Error(`no such status: ${String(never)}`);
    }
  }
}

/** What an attempt leaves on the job, gone. The attempts keep it. */
const NOTHING_DONE = {
  lastBlockProcessed: 0,
  endTime: null,
  actualHash: null,
  verdict: null,
  stage: null,
  errorCause: null,
  errorMessage: null,
  blocksPerSecond: null,
} as const satisfies Partial<Job>;

function claim(job: Job, update: JobUpdateInput, caller: Caller, now: string): Job {
  // A client that sends the whole record back repeats the time of the job's creation: that is no claim's time.
  const given = update.startTime === job.startTime ? null : update.startTime;
  const facts = {
    workerId: caller.workerId,
    instanceId: update.instanceId ?? null,
    startTime: given ?? now,
    nodeosVersion: update.nodeosVersion ?? null,
  };
  const { claimNumber } = caller;
  const more = {
    stageTimes: update.stageTimes ?? {},
    ...(claimNumber === undefined ? {} : { claimNumber }),
    ...(update.claimId ? { claimId: update.claimId } : {}),
  };
  const attempts = openAttempt(job, { ...facts, ...more });
  const { retry: _over, ...waiting } = job;
  return { ...waiting, ...NOTHING_DONE, ...facts, status: 'STARTED', stage: update.stage ?? null, attempts };
}

/** The stage that a status stands for, for clients that name none. */
const STAGE_OF: Partial<Record<JobStatus, Stage>> = { LOADING_SNAPSHOT: 'load', WORKING: 'replay' };

function progress(job: Job, update: JobUpdateInput): Job {
  const moved = update.status !== job.status;
  const impliedStage = moved ? (STAGE_OF[update.status] ?? job.stage) : job.stage;
  const facts = {
    lastBlockProcessed: update.lastBlockProcessed ?? job.lastBlockProcessed,
    actualHash: update.actualHash ?? job.actualHash,
    instanceId: update.instanceId ?? job.instanceId,
    nodeosVersion: update.nodeosVersion ?? job.nodeosVersion,
  };
  const stageTimes = { ...job.attempts.at(-1)?.stageTimes, ...update.stageTimes };
  return {
    ...job,
    ...facts,
    status: update.status,
    stage: update.stage ?? impliedStage,
    blocksPerSecond: update.blocksPerSecond ?? job.blocksPerSecond,
    attempts: changeLastAttempt(job, { ...facts, stageTimes }),
  };
}

/** Ends the current attempt, with whatever progress the same update reports. */
function end(job: Job, update: JobUpdateInput, now: string, result: Partial<Attempt>): Job {
  const last = progress(job, update);
  const endTime = update.endTime ?? now;
  const attempts = changeLastAttempt(last, { endTime, ...result });
  return { ...last, endTime, verdict: null, blocksPerSecond: null, attempts };
}

/** No evidence is a failure: without the hash of the end block nothing is complete. */
function complete(job: Job, update: JobUpdateInput, now: string): Job | Rejection {
  const { endBlock } = job.slice;
  const actualHash = update.actualHash ?? job.actualHash;
  if (actualHash === null) {
    const what = `COMPLETE needs the integrity hash of block ${endBlock}, 64 hex digits`;
    return { kind: 'rejected', code: 'BAD_FIELD', ...badField('actual_integrity_hash', what) };
  }
  // The number that the record already has is one that the client only repeats.
  const given = update.lastBlockProcessed === job.lastBlockProcessed ? null : update.lastBlockProcessed;
  const lastBlockProcessed = given ?? endBlock;
  const ended = end(job, update, now, { outcome: 'COMPLETE', actualHash, lastBlockProcessed });
  return { ...ended, actualHash, lastBlockProcessed, stage: null, errorCause: null, errorMessage: null };
}

/** COMPLETE a second time: the same result is a request that was sent twice, another one is refused. */
function confirm(job: Job, update: JobUpdateInput): Job | Rejection {
  const given = update.actualHash ?? null;
  if (given === null || given === job.actualHash) return job;
  return badMove(job, 'COMPLETE', `it is complete with the hash ${job.actualHash}, and not ${given}`);
}

function fail(job: Job, status: 'ERROR' | 'TIMEOUT', update: JobUpdateInput, now: string): Job {
  const cause: Cause | null = update.errorCause ?? (status === 'TIMEOUT' ? 'host-lost' : null);
  const message = update.errorMessage ?? null;
  const ended = end(job, update, now, { outcome: status, cause, message });
  return { ...ended, errorCause: cause, errorMessage: message };
}

function putBack(job: Job, update: JobUpdateInput, now: string): Job {
  const returned = isHeld(job.status) ? giveBack(job, update, now) : withFreshBudgets(job);
  return { ...returned, ...NOTHING_DONE, status: 'WAITING_4_WORKER', workerId: null, instanceId: null };
}

/** Somebody asks for another run: what came before counts against no budget any more. */
export function withFreshBudgets(job: Job): Job {
  return { ...job, formerAttempts: job.attempts.length };
}

function giveBack(job: Job, update: JobUpdateInput, now: string): Job {
  const cause = update.errorCause ?? 'interrupted';
  return end(job, update, now, { outcome: 'RETURNED', cause, message: update.errorMessage ?? null });
}

/** Both come from one literal, spread, so their keys stand in the same order. */
function isSame(one: Job, other: Job): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
