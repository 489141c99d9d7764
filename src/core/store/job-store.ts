import type { SnapshotObservation } from '../domain/ledger.ts';
import type { Job } from '../domain/job.ts';
import type { JobOrder } from '../domain/schedule.ts';
import { restOf, type Rest } from '../domain/forecast/rest.ts';
import { paceOf, paceTermMs, type Pace } from '../domain/pace.ts';
import { summarise, type Summary } from '../domain/summary.ts';
import type { Logger } from '../log/logger.ts';
import type { Collection, Document } from './collection.ts';
import { Findings } from './findings.ts';
import { GroupCommit, StoreUnavailable, type Decide } from './group-commit.ts';
import { hasDocument, toJobDocument, type JobDocument } from './job-document.ts';
import type { JobTable, JobView } from './job-table.ts';
import { Overlay } from './overlay.ts';
import { claimRevisions } from './revisions.ts';
import type { RunFolder } from './run-folder.ts';
import type { StoredJob } from './stored-job.ts';

/** Its `_id` is its number in the order of arrival, from 1: of two of one instant the later one counts. */
export type ObservationDocument = Document & SnapshotObservation;

/** One change of a job, after it is on disk. */
export interface JobChange {
  job: Job;
  before: Job;
}

export interface JobStoreParts {
  run: RunFolder;
  table: JobTable;
  jobs: Collection<JobDocument>;
  observations: Collection<ObservationDocument>;
  /** Number of the last observation that is in its file; 0: none. */
  lastObservation: number;
  /** The least revision of a change (revisions.ts); null in a run that has just begun. */
  firstRevision: number | null;
  logger: Logger;
}

/**
 * The jobs of one run: read from memory, changed through a group commit. What `view` shows is on disk.
 */
export class JobStore {
  readonly run: RunFolder;
  readonly #table: JobTable;
  readonly #parts: JobStoreParts;
  readonly #commits: GroupCommit<Overlay>;
  readonly #listeners = new Set<(change: JobChange) => void>();
  /** What is done at once, in the same write, about a job whose verdict was settled anew. */
  review: (job: Job) => Job = (job) => job;
  /** Told how many seconds each write took, also one that failed. */
  onWritten: (seconds: number) => void = () => undefined;
  /** In which order waiting jobs are handed out; the time left depends on it. */
  order: JobOrder = 'manifest';
  readonly #findings: Findings;
  /** Counts the changes of anything that the store holds. */
  #revision = 0;
  #revisionsClaimed = false;
  #sealed = false;
  #lastObservation: number;
  #summary: { key: string; summary: Summary } | null = null;
  #pace: { key: number; pace: Pace } | null = null;
  #rest: { key: string; jobs: number; rest: Rest | null } | null = null;
  /** Documents as they were before a write that failed and is not yet taken back. */
  #broken: { jobs: Map<string, JobDocument | null>; observations: Map<string, null> } | null = null;

  constructor(parts: JobStoreParts) {
    this.#parts = parts;
    this.run = parts.run;
    this.#table = parts.table;
    this.#lastObservation = parts.lastObservation;
    this.#findings = new Findings(parts.table);
    this.#commits = new GroupCommit(
      () => new Overlay(this.#table, this.#parts.firstRevision ?? 0),
      (overlay) => this.#write(overlay),
      () => this.#compact(),
    );
  }

  get view(): JobView & { observations(): SnapshotObservation[] } {
    return this.#table;
  }

  /** The numbers of the run. The same ones are not counted twice within a second, however many ask. */
  summary(now: Date): Summary {
    const key = `${this.#revision} ${Math.floor(now.getTime() / 1000)}`;
    if (this.#summary?.key !== key) {
      const jobs = Array.from(this.#table.all(), (stored) => stored.job);
      this.#summary = { key, summary: summarise(jobs, this.#findings.all(), now, this.#paceOf(jobs, now)) };
    }
    return this.#summary.summary;
  }

  /** What is left of the run, ready to be played; null while too little is known of how long slices take. */
  rest(now: Date): Rest | null {
    const term = paceTermMs(this.#rest?.jobs ?? 0);
    const at = Math.floor(now.getTime() / term);
    const key = term > 1000 ? String(at) : `${this.#revision} ${at}`;
    if (this.#rest?.key !== key) {
      const jobs = Array.from(this.#table.all(), (stored) => stored.job);
      this.#rest = { key, jobs: jobs.length, rest: restOf(jobs, now, this.order) };
    }
    return this.#rest.rest;
  }

  /** However much changes, once a second, and of a long run not even that: others wait for it. */
  #paceOf(jobs: readonly Job[], now: Date): Pace {
    const key = Math.floor(now.getTime() / paceTermMs(jobs.length));
    if (this.#pace?.key !== key) this.#pace = { key, pace: paceOf(jobs, now, this.order) };
    return this.#pace.pace;
  }

  /**
   * Changes jobs. The result is given when all changes are on disk.
   * @throws StoreUnavailable when they cannot be written; then nothing has changed
   */
  change<Result>(decide: Decide<Overlay, Result>): Promise<Result> {
    return this.#commits.submit((jobs) => {
      if (this.#sealed) throw new StoreUnavailable('Another run is being begun; ask again');
      return decide(jobs);
    });
  }

  /**
   * From here on nothing changes any more: what was decided before is on disk, all else is refused.
   * @param check throws when it should not come to that
   * @throws StoreUnavailable, or what `check` throws; then all is as before
   */
  async seal(check: (jobs: Overlay) => void): Promise<void> {
    let isMine = false;
    try {
      await this.change((jobs) => {
        check(jobs);
        this.#sealed = true;
        isMine = true;
        return () => undefined;
      });
    } catch (error) {
      if (isMine) this.unseal();
      throw error;
    }
  }

  unseal(): void {
    this.#sealed = false;
  }

  /**
   * Settles all verdicts anew: the last thing that a crashed process did may have made some possible.
   * Where nothing has been heard of, there is nothing to settle.
   */
  async settleAll(): Promise<void> {
    const blocks = new Set(this.#table.observations().map(({ block }) => block));
    for (const stored of this.#table.all()) {
      const { startBlock, endBlock } = stored.job.slice;
      if (hasDocument(stored)) blocks.add(startBlock).add(endBlock);
    }
    const found = await this.change((overlay) => {
      const settlement = overlay.settle(blocks);
      return () => settlement;
    });
    this.#findings.begin(found, blocks);
  }

  /** @returns a function that ends the subscription */
  onChange(listener: (change: JobChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Returns when all that was submitted is written. */
  async close(): Promise<void> {
    await this.#commits.idle();
  }

  async #write(overlay: Overlay): Promise<void> {
    const touched = overlay.settleTouched(this.review);
    const jobs = overlay.changedJobs();
    const observations = overlay.newObservations();
    if (jobs.length === 0 && observations.length === 0) return;
    const began = performance.now();
    try {
      await this.#claimRevisions();
      await this.#repair();
      await this.#persist(jobs, observations);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#parts.logger.error({ reason }, 'the store cannot be written; the changes were refused');
      throw new StoreUnavailable('The change could not be stored, and nothing was changed', { cause: error });
    } finally {
      this.onWritten((performance.now() - began) / 1000);
    }
    this.#publish(jobs, observations);
    this.#findings.update(touched);
  }

  async #persist(jobs: StoredJob[], observations: readonly SnapshotObservation[]): Promise<void> {
    const jobDocuments = jobs.map(toJobDocument);
    const first = this.#lastObservation + 1;
    const observed = observations.map((observation, index) => ({
      _id: String(first + index),
      ...observation,
    }));
    this.#broken = {
      jobs: new Map(jobs.map(({ job }) => [String(job.jobId), this.#documentNow(job.jobId)])),
      observations: new Map(observed.map(({ _id }) => [_id, null])),
    };
    if (observed.length > 0) {
      await this.#parts.observations.write(observed);
      await this.#parts.observations.sync();
    }
    if (jobDocuments.length > 0) {
      await this.#parts.jobs.write(jobDocuments);
      await this.#parts.jobs.sync();
    }
    this.#broken = null;
  }

  /** A start on a full disk is possible: only the first change needs to write. */
  async #claimRevisions(): Promise<void> {
    const { firstRevision } = this.#parts;
    if (this.#revisionsClaimed || firstRevision === null) return;
    await claimRevisions(this.run, firstRevision);
    this.#revisionsClaimed = true;
  }

  /** NeDB changes its memory before the file: after a failed write it is made to agree with the table again. */
  async #repair(): Promise<void> {
    if (!this.#broken) return;
    await this.#parts.observations.repair(this.#broken.observations);
    await this.#parts.jobs.repair(this.#broken.jobs);
    this.#broken = null;
    this.#parts.logger.info({}, 'the store can be written again');
  }

  #publish(jobs: StoredJob[], observations: readonly SnapshotObservation[]): void {
    this.#revision += 1;
    for (const observation of observations) this.#table.addObservation(observation);
    this.#lastObservation += observations.length;
    for (const stored of jobs) {
      const before = this.#table.get(stored.job.jobId)?.job;
      this.#table.replace(stored);
      if (before) this.#emit({ job: stored.job, before });
    }
  }

  #emit(change: JobChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#parts.logger.error({ err: error }, 'a listener to job changes failed');
      }
    }
  }

  /** The change is on disk already: a compaction that fails is tried again another time. */
  async #compact(): Promise<void> {
    try {
      await this.#parts.jobs.compactIfWorthwhile();
    } catch (error) {
      this.#parts.logger.warn({ err: error }, 'the job file could not be compacted');
    }
  }

  /** null: nothing has happened to the job. */
  #documentNow(jobId: number): JobDocument | null {
    const stored = this.#table.get(jobId);
    return stored && hasDocument(stored) ? toJobDocument(stored) : null;
  }
}
