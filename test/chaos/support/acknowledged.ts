import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { applied, isSame, type Change, type JobChange, type JobState } from './change.ts';
import type { PlannedSlice } from './crash-world.ts';

/** A job as the orchestrator shows it. */
export interface SeenJob {
  record: FullJobRecord;
  etag: string;
}

interface Modelled {
  plan: PlannedSlice;
  /** As it was last acknowledged, or seen: what an answer shows is on disk. */
  state: JobState;
  /** The version that belongs to the state; null when nobody was told. */
  etag: string | null;
  /** Hashes of its end block that were acknowledged. */
  learned: string | null;
  /** Sightings of its end block that were sent: each may change the version of a job that waits. */
  sightings: number;
  /** Those of them that were acknowledged. */
  sightingsDone: number;
  /** Those that were acknowledged before the version was asked for: with no others, it is the version still. */
  sightingsAtEtag: number;
  /** Everything that may have changed the version: acknowledged changes, changes that were seen, sightings. */
  changes: number;
  /** A claim was refused because of another one, whose own answer is not there yet. */
  claimedBySomebody: boolean;
}

/** A change that was sent and not answered yet. */
interface Open {
  /** It was seen to be carried out. */
  done: boolean;
  /** `sightingsDone` of its job when it was sent. */
  sightingsDone: number;
}

const NEW_JOB: JobState = {
  status: 'WAITING_4_WORKER',
  lastBlock: 0,
  actualHash: null,
  cause: null,
  attempts: [],
  holder: null,
};

/**
 * The model beside the orchestrator: it knows what was acknowledged and what is still open, and says what
 * an orchestrator that came back has lost or made up.
 */
export class Acknowledged {
  readonly counts = { acknowledged: 0, openAtKill: 0, openAndDone: 0, openAndNotDone: 0, tags: 0 };
  readonly #jobs: ReadonlyMap<number, Modelled>;
  readonly #open = new Map<Change, Open>();

  constructor(plan: readonly PlannedSlice[]) {
    const start = {
      state: NEW_JOB,
      etag: null,
      learned: null,
      sightings: 0,
      sightingsDone: 0,
      sightingsAtEtag: 0,
      changes: 0,
    };
    this.#jobs = new Map(
      plan.map((slice) => [slice.jobId, { plan: slice, ...start, claimedBySomebody: false }]),
    );
  }

  /** A number that is another one once the version of the job may have changed. */
  changesOf(jobId: number): number {
    return this.#job(jobId).changes;
  }

  /** To be called before a change is sent for the first time. */
  sent(change: Change): void {
    const sightingsDone = change.kind === 'job' ? this.#job(change.jobId).sightingsDone : 0;
    this.#open.set(change, { done: false, sightingsDone });
    if (change.kind === 'job') return;
    for (const job of this.#endingAt(change.block)) {
      job.sightings += 1;
      job.changes += 1;
    }
  }

  /** A 200. */
  acknowledged(change: Change, etag: string | null): void {
    const { done, sightingsDone } = this.#close(change);
    this.counts.acknowledged += 1;
    if (change.kind === 'sighting') {
      for (const job of this.#endingAt(change.block)) {
        job.learned = change.hash;
        job.sightingsDone += 1;
        job.changes += 1;
      }
      return;
    }
    const job = this.#job(change.jobId);
    if (!done) {
      const { holder, status } = job.state;
      const mayDoSo =
        change.update.status === 'STARTED' ? status === 'WAITING_4_WORKER' : holder === change.worker;
      if (!mayDoSo) throw new Error(`${describe(change)}: accepted, although ${holder} holds it`);
      job.state = applied(job.state, change);
      job.changes += 1;
    }
    job.etag = etag;
    job.sightingsAtEtag = sightingsDone;
    job.claimedBySomebody = false;
  }

  /** A claim that was refused as stale: right only when another came first, or the version was changed. */
  refused(claim: JobChange): void {
    const { done } = this.#close(claim);
    const job = this.#job(claim.jobId);
    if (done) throw new Error(`${describe(claim)}: refused, although it had been carried out`);
    if (job.changes > claim.changesThen || this.#openHashes(job).length > 0) return;
    if (this.#openChanges(claim.jobId).length === 0)
      throw new Error(`${describe(claim)}: refused for no reason`);
    job.claimedBySomebody = true;
  }

  /** Compares what came back after a kill with what is known; returns what is wrong. Nothing may be under way. */
  compare(seen: readonly SeenJob[]): string[] {
    const ids = seen.map(({ record }) => record.job_id);
    const expected = [...this.#jobs.keys()];
    if (ids.join() !== expected.join()) return [`jobs ${expected.join()} are now ${ids.join()}`];
    const open = this.#openCount();
    this.counts.openAtKill += open;
    const problems = seen.flatMap((job) => this.#compareJob(job));
    const left = this.#openCount();
    this.counts.openAndDone += open - left;
    this.counts.openAndNotDone += left;
    return [...problems, ...heldTwice(seen)];
  }

  #compareJob({ record, etag }: SeenJob): string[] {
    const job = this.#job(record.job_id);
    const now = stateOf(record);
    const problems = this.#adopt(job, now);
    const hashes = this.#possibleHashes(job);
    if (!hashes.includes(record.expected_integrity_hash ?? '')) {
      problems.push(`expects ${record.expected_integrity_hash}, and not one of ${hashes.join()}`);
    }
    if (record.status === 'HASH_MISMATCH' && job.plan.verdict !== 'MISMATCH')
      problems.push('a wrong verdict');
    const bySelf = job.state.status !== 'COMPLETE' && job.sightings === job.sightingsAtEtag;
    if (bySelf && job.etag !== null) {
      this.counts.tags += 1;
      if (job.etag !== etag) problems.push(`has the ETag ${etag}, and ${job.etag} was told`);
    }
    if (job.etag === null || bySelf) {
      job.etag = etag;
      job.sightingsAtEtag = job.sightingsDone;
    }
    return problems.map((problem) => `job ${record.job_id} ${problem}`);
  }

  /** What is seen must be what was acknowledged, or that with one open change wholly carried out. */
  #adopt(job: Modelled, now: JobState): string[] {
    if (isSame(job.state, now) && !job.claimedBySomebody) return [];
    const done = this.#openChanges(job.plan.jobId).find((change) => isSame(applied(job.state, change), now));
    if (done === undefined) return [`is ${JSON.stringify(now)}, and was ${JSON.stringify(job.state)}`];
    this.#open.set(done, { done: true, sightingsDone: job.sightingsDone });
    Object.assign(job, { state: now, etag: null, claimedBySomebody: false, changes: job.changes + 1 });
    return [];
  }

  /** Sightings are not looked for one by one, and do not count. */
  #openCount(): number {
    return [...this.#open].filter(([{ kind }, { done }]) => kind === 'job' && !done).length;
  }

  #close(change: Change): Open {
    const open = this.#open.get(change);
    if (open === undefined) throw new Error('An answer to a change that was not sent');
    this.#open.delete(change);
    return open;
  }

  #openChanges(jobId: number): JobChange[] {
    return [...this.#open].flatMap(([change, { done }]) =>
      change.kind === 'job' && change.jobId === jobId && !done ? [change] : [],
    );
  }

  #possibleHashes(job: Modelled): string[] {
    return [job.learned ?? job.plan.known, ...this.#openHashes(job)];
  }

  /** Sightings of the job's end block that may be carried out at any time, or have been. */
  #openHashes({ plan }: Modelled): string[] {
    return [...this.#open.keys()].flatMap((change) =>
      change.kind === 'sighting' && change.block === plan.endBlock ? [change.hash] : [],
    );
  }

  #endingAt(block: number): Modelled[] {
    return [...this.#jobs.values()].filter(({ plan }) => plan.endBlock === block);
  }

  #job(jobId: number): Modelled {
    const job = this.#jobs.get(jobId);
    if (job === undefined) throw new Error(`There is no job ${jobId} in the plan`);
    return job;
  }
}

function stateOf(record: FullJobRecord): JobState {
  const held = ['STARTED', 'LOADING_SNAPSHOT', 'WORKING'].includes(record.status);
  return {
    status: record.status === 'HASH_MISMATCH' ? 'COMPLETE' : record.status,
    lastBlock: record.last_block_processed,
    actualHash: record.actual_integrity_hash,
    cause: record.status === 'ERROR' ? record.error_cause : null,
    attempts: record.attempts.map(({ worker_id: worker }) => worker ?? 'nobody'),
    holder: held ? record.worker_id : null,
  };
}

function heldTwice(seen: readonly SeenJob[]): string[] {
  const holders = seen.flatMap(({ record }) => stateOf(record).holder ?? []);
  return holders
    .filter((holder, index) => holders.indexOf(holder) !== index)
    .map((holder) => `${holder} holds two jobs`);
}

function describe({ worker, jobId, update }: JobChange): string {
  return `${worker}: ${update.status} of job ${jobId}`;
}
