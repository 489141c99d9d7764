import type { Job } from '../domain/job.ts';
import { settle, type SnapshotObservation } from '../domain/ledger.ts';
import type { FoundHashes } from '../domain/summary.ts';
import type { JobView } from './job-table.ts';

/**
 * The conflicts and suspect snapshots of a run, kept up to date where something has changed: to look
 * for them in 100,000 jobs at every question would make all other callers wait.
 */
export class Findings {
  readonly #view: JobView;
  readonly #byBlock = new Map<number, FoundHashes>();

  constructor(view: JobView) {
    this.#view = view;
  }

  all(): FoundHashes {
    const found = [...this.#byBlock].toSorted(([a], [b]) => a - b).map(([, atBlock]) => atBlock);
    return {
      conflicts: found.flatMap(({ conflicts }) => conflicts),
      suspects: found.flatMap(({ suspects }) => suspects),
    };
  }

  /** @param found at all these blocks, which are all at which anything is known */
  begin(found: FoundHashes, blocks: ReadonlySet<number>): void {
    this.#keep(found, blocks);
  }

  /** @param touched blocks at which something has changed */
  update(touched: ReadonlySet<number>): void {
    if (touched.size === 0) return;
    const blocks = new Set(touched);
    const around = new Set<number>();
    // Whether a snapshot is suspect depends on the verdict of the slice that starts from it.
    for (const job of this.#jobsAt(touched)) blocks.add(job.slice.startBlock);
    for (const { slice } of this.#jobsAt(blocks)) around.add(slice.startBlock).add(slice.endBlock);
    this.#look(blocks, around);
  }

  /** @param around blocks whose jobs and observations bear on what is found at `blocks` */
  #look(blocks: ReadonlySet<number>, around: ReadonlySet<number>): void {
    const observations: SnapshotObservation[] = [];
    for (const block of around) observations.push(...this.#view.observationsAt(block));
    this.#keep(settle([...this.#jobsAt(around)], observations), blocks);
  }

  #keep({ conflicts, suspects }: FoundHashes, blocks: ReadonlySet<number>): void {
    const conflictsAt = Map.groupBy(conflicts, ({ block }) => block);
    const suspectsAt = Map.groupBy(suspects, ({ block }) => block);
    for (const block of blocks) {
      const found = { conflicts: conflictsAt.get(block) ?? [], suspects: suspectsAt.get(block) ?? [] };
      if (found.conflicts.length + found.suspects.length > 0) this.#byBlock.set(block, found);
      else this.#byBlock.delete(block);
    }
  }

  #jobsAt(blocks: ReadonlySet<number>): Set<Job> {
    const jobs = new Set<Job>();
    for (const block of blocks) for (const { job } of this.#view.at(block)) jobs.add(job);
    return jobs;
  }
}
