import type { Attempt, Job } from '../domain/job.ts';
import { settle, type SnapshotObservation } from '../domain/ledger.ts';
import type { FoundHashes } from '../domain/summary.ts';
import { isHeld } from '../domain/transition.ts';
import type { JobTable, JobView } from './job-table.ts';
import { changeFrom } from './revisions.ts';
import type { StoredJob } from './stored-job.ts';

/** Changes that are decided but not yet on disk, laid over the table. */
export class Overlay implements JobView {
  readonly #table: JobTable;
  readonly #firstRevision: number;
  readonly #changed = new Map<number, StoredJob>();
  readonly #observed: SnapshotObservation[] = [];
  /** End blocks of the jobs with more evidence than before. */
  readonly #annotated = new Set<number>();

  /** @param firstRevision below which no change gets its revision (revisions.ts) */
  constructor(table: JobTable, firstRevision: number) {
    this.#table = table;
    this.#firstRevision = firstRevision;
  }

  get(jobId: number): StoredJob | undefined {
    return this.#changed.get(jobId) ?? this.#table.get(jobId);
  }

  bySlice(sliceId: number): StoredJob | undefined {
    const stored = this.#table.bySlice(sliceId);
    return stored && this.get(stored.job.jobId);
  }

  *all(): Iterable<StoredJob> {
    for (const stored of this.#table.all()) yield this.#changed.get(stored.job.jobId) ?? stored;
  }

  at(block: number): StoredJob[] {
    return this.#table.at(block).map((stored) => this.#changed.get(stored.job.jobId) ?? stored);
  }

  observationsAt(block: number): readonly SnapshotObservation[] {
    return [
      ...this.#table.observationsAt(block),
      ...this.#observed.filter((observation) => observation.block === block),
    ];
  }

  changedJobs(): StoredJob[] {
    return [...this.#changed.values()];
  }

  newObservations(): readonly SnapshotObservation[] {
    return this.#observed;
  }

  /** Every change gets a revision of its own, whoever made it. */
  put(stored: StoredJob): void {
    const { jobId } = stored.job;
    this.#changed.set(jobId, changeFrom(this.get(jobId) ?? null, stored, this.#firstRevision));
  }

  /** Replaces what is kept with a job and has no part in its version: the revision stays. */
  annotate(stored: StoredJob): void {
    this.#changed.set(stored.job.jobId, stored);
    this.#annotated.add(stored.job.slice.endBlock);
  }

  observe(observation: SnapshotObservation): void {
    this.#observed.push(observation);
  }

  /**
   * Settles the verdicts that the changes so far can have touched.
   * @param review what is done at once about a job that is settled anew; returns it as it is, or changed
   * @returns the blocks at which something may have changed
   */
  settleTouched(review: (job: Job) => Job = (job) => job): Set<number> {
    const touched = this.#touchedBlocks();
    if (touched.size === 0) return touched;
    for (const { jobId } of this.settle(touched).jobs) {
      const settled = this.get(jobId);
      if (settled === undefined) continue;
      const job = review(settled.job);
      if (job !== settled.job) this.put({ ...settled, job });
    }
    return touched;
  }

  /** Settles the verdicts of the slices that end at these blocks, and says what else the hashes show there. */
  settle(blocks: ReadonlySet<number>): FoundHashes & { jobs: readonly Job[] } {
    const jobs = new Map<number, Job>();
    const observations: SnapshotObservation[] = [];
    for (const block of blocks) {
      for (const { job } of this.at(block)) jobs.set(job.jobId, job);
      for (const observation of this.observationsAt(block)) observations.push(observation);
    }
    const settlement = settle([...jobs.values()], observations);
    this.#apply(settlement.jobs, blocks);
    return settlement;
  }

  #apply(settled: readonly Job[], touched: ReadonlySet<number>): void {
    for (const job of settled) {
      // For jobs that end elsewhere not all neighbours were looked at.
      if (!touched.has(job.slice.endBlock)) continue;
      const before = this.get(job.jobId);
      if (before) this.put({ ...before, job });
    }
  }

  #touchedBlocks(): Set<number> {
    const blocks = new Set(this.#annotated);
    for (const { block } of this.#observed) blocks.add(block);
    for (const { job } of this.#changed.values()) {
      const before = this.#table.get(job.jobId)?.job;
      if (before && !bearsOnVerdicts(before, job)) continue;
      blocks.add(job.slice.startBlock).add(job.slice.endBlock);
    }
    return blocks;
  }
}

/** Progress alone changes no verdict. What becomes known of an attempt that has ended may contradict another. */
function bearsOnVerdicts(before: Job, after: Job): boolean {
  const fields = ['status', 'actualHash', 'nodeosVersion'] as const;
  if (fields.some((field) => before[field] !== after[field])) return true;
  const ended = (job: Job): readonly Attempt[] =>
    isHeld(job.status) ? job.attempts.slice(0, -1) : job.attempts;
  const [endedBefore, endedAfter] = [ended(before), ended(after)];
  return (
    endedBefore.length !== endedAfter.length ||
    endedAfter.some((attempt, index) => attempt !== endedBefore[index])
  );
}
