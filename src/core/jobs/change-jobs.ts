import { OrchestratorError } from '../protocol/client-error.ts';
import type { FullJobRecord, JobUpdate } from '../protocol/full-record.ts';
import type { Decide, JobOutcome, OutcomeName } from './outcome.ts';

/** The orchestrator, asked by a program or from a page. */
export interface JobClient {
  /** null: there is no such job. */
  getJob(jobId: number): Promise<{ job: FullJobRecord; etag: string } | null>;
  /** Changes the job if it is still the version that is named. Returns its new version. */
  update(jobId: number, etag: string, update: JobUpdate): Promise<string>;
}

export interface Changes {
  /** In the order of the numbers that were given. */
  outcomes: JobOutcome[];
  /** Why no more was asked: the orchestrator cannot be reached, or refuses. */
  error: OrchestratorError | null;
}

/** How many jobs are asked about at once: thousands of them are done in seconds. */
const LANES = 8;
/** A host reports its progress about once in a few seconds, and each report is a new version. */
const MAX_TURNS = 5;

/** Changes jobs one by one as `decide` says, each only in the version in which it was read. */
export async function changeJobs(
  client: JobClient,
  jobIds: readonly number[],
  decide: Decide,
): Promise<Changes> {
  const outcomes = new Map<number, JobOutcome>();
  const queue = [...jobIds];
  const state: { error: OrchestratorError | null } = { error: null };
  const lane = async (): Promise<void> => {
    while (state.error === null) {
      const jobId = queue.shift();
      if (jobId === undefined) return;
      const { outcome, error } = await changeJob(client, jobId, decide);
      outcomes.set(jobId, outcome);
      state.error ??= error;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const notAsked = (jobId: number): JobOutcome => unread(jobId, 'not-asked', 'was not asked for');
  return { outcomes: jobIds.map((jobId) => outcomes.get(jobId) ?? notAsked(jobId)), error: state.error };
}

interface Change {
  outcome: JobOutcome;
  error: OrchestratorError | null;
}

async function changeJob(client: JobClient, jobId: number, decide: Decide): Promise<Change> {
  let sent = false;
  let first: FullJobRecord | null = null;
  let refusal = '';
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    try {
      const read = await client.getJob(jobId);
      sent = false;
      if (read === null) return settled(unread(jobId, 'not-found', 'is not in this run'));
      first ??= read.job;
      const step = decide(read.job, first);
      if (step.kind === 'leave') return settled(step.outcome);
      sent = true;
      await client.update(jobId, read.etag, step.update);
      return settled(step.outcome);
    } catch (error) {
      if (!(error instanceof OrchestratorError)) throw error;
      if (!LOOK_AGAIN.has(error.kind))
        return { outcome: unread(jobId, 'failed', failure(error, sent)), error };
      refusal = error.message;
    }
  }
  const message = `changed each time before it could be asked for (${refusal}); try again`;
  return settled(unread(jobId, 'changing', message));
}

/** The job is no longer as it was read. */
const LOOK_AGAIN: ReadonlySet<OrchestratorError['kind']> = new Set(['stale', 'conflict', 'not-found']);

function settled(outcome: JobOutcome): Change {
  return { outcome, error: null };
}

function failure({ kind }: OrchestratorError, sent: boolean): string {
  return sent && kind === 'unreachable'
    ? 'may or may not have been changed: no answer came; to ask again does no harm'
    : 'was not changed';
}

function unread(jobId: number, outcome: OutcomeName, message: string): JobOutcome {
  return { jobId, done: false, outcome, statusBefore: null, message };
}
