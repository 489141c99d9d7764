import type { SnapshotObservation } from '../domain/ledger.ts';
import type { StoredJob } from './stored-job.ts';

/** Reading side of the store: the jobs of the run, and what is known of its snapshots. */
export interface JobView {
  get(jobId: number): StoredJob | undefined;
  bySlice(sliceId: number): StoredJob | undefined;
  /** In manifest order. */
  all(): Iterable<StoredJob>;
  /** Jobs whose slice starts or ends at the block, in manifest order. */
  at(block: number): StoredJob[];
  observationsAt(block: number): readonly SnapshotObservation[];
}

/** The run's jobs in memory: what is on disk, and nothing else. */
export class JobTable implements JobView {
  readonly #jobs = new Map<number, StoredJob>();
  readonly #bySlice = new Map<number, number>();
  readonly #byBlock = new Map<number, number[]>();
  readonly #observations = new Map<number, SnapshotObservation[]>();

  constructor(jobs: Iterable<StoredJob>, observations: Iterable<SnapshotObservation>) {
    const inManifestOrder = [...jobs].toSorted((a, b) => a.job.slice.sliceId - b.job.slice.sliceId);
    for (const stored of inManifestOrder) {
      const { jobId, slice } = stored.job;
      this.#jobs.set(jobId, stored);
      this.#bySlice.set(slice.sliceId, jobId);
      for (const block of [slice.startBlock, slice.endBlock]) push(this.#byBlock, block, jobId);
    }
    for (const observation of observations) this.addObservation(observation);
  }

  get(jobId: number): StoredJob | undefined {
    return this.#jobs.get(jobId);
  }

  bySlice(sliceId: number): StoredJob | undefined {
    const jobId = this.#bySlice.get(sliceId);
    return jobId === undefined ? undefined : this.#jobs.get(jobId);
  }

  all(): Iterable<StoredJob> {
    return this.#jobs.values();
  }

  at(block: number): StoredJob[] {
    return (this.#byBlock.get(block) ?? []).flatMap((jobId) => this.#jobs.get(jobId) ?? []);
  }

  observationsAt(block: number): readonly SnapshotObservation[] {
    return this.#observations.get(block) ?? [];
  }

  observations(): SnapshotObservation[] {
    return [...this.#observations.values()].flat();
  }

  /** Replaces a job that is there. Its slice never changes. */
  replace(stored: StoredJob): void {
    this.#jobs.set(stored.job.jobId, stored);
  }

  addObservation(observation: SnapshotObservation): void {
    push(this.#observations, observation.block, observation);
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
