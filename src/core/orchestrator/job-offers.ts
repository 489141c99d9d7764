import { inOrder, nextJob, type JobOrder, type Reservation } from '../domain/schedule.ts';
import type { JobView } from '../store/job-table.ts';
import type { StoredJob } from '../store/stored-job.ts';

/**
 * Who was offered which job. Kept in memory only: after a restart callers simply ask again, and a
 * claim is decided by its ETag, never by the offer.
 */
export class JobOffers {
  readonly #view: JobView;
  readonly #order: readonly number[];
  #reservations: readonly Reservation[] = [];

  constructor(view: JobView, order: JobOrder) {
    this.#view = view;
    const jobs = [...view.all()].map((stored) => stored.job);
    this.#order = inOrder(jobs, order).map((job) => job.jobId);
  }

  /** The next job for this caller, reserved for it for a few seconds; null when there is none to offer. */
  next(caller: string, now: Date): StoredJob | null {
    const offer = nextJob(this.#jobs(), this.#reservations, caller, now.getTime());
    this.#reservations = offer.reservations;
    return (offer.job && this.#view.get(offer.job.jobId)) ?? null;
  }

  *#jobs() {
    for (const jobId of this.#order) {
      const stored = this.#view.get(jobId);
      if (stored) yield stored.job;
    }
  }
}
