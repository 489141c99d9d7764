import { mayBeOffered } from '../domain/placement.ts';
import { inOrder, nextJob, type JobOrder, type Reservation } from '../domain/schedule.ts';
import type { JobView } from '../store/job-table.ts';
import type { StoredJob } from '../store/stored-job.ts';
import type { MonotonicClock } from './clock.ts';
import type { Hosts } from './hosts.ts';
import type { RetryTimes } from './retry-times.ts';

export interface OfferParts {
  view: JobView;
  order: JobOrder;
  hosts: Pick<Hosts, 'hasOther'>;
  retryTimes: Pick<RetryTimes, 'readyAt'>;
  clock: Pick<MonotonicClock, 'now'>;
}

/** Who asks for a job. */
export interface Asker {
  /** The worker's id, or the address of a caller that names none. */
  callerKey: string;
  workerId: string | null;
}

/**
 * Who was offered which job. Kept in memory only: after a restart callers simply ask again, and a
 * claim is decided by its ETag, never by the offer.
 */
export class JobOffers {
  readonly #parts: OfferParts;
  readonly #order: readonly number[];
  #reservations: readonly Reservation[] = [];

  constructor(parts: OfferParts) {
    this.#parts = parts;
    const jobs = [...parts.view.all()].map((stored) => stored.job);
    this.#order = inOrder(jobs, parts.order).map((job) => job.jobId);
  }

  /** The next job for this caller, reserved for it for a few seconds; null when there is none to offer. */
  next({ callerKey, workerId }: Asker): StoredJob | null {
    const { view, hosts, retryTimes, clock } = this.#parts;
    const now = clock.now();
    const situation = {
      workerId,
      now,
      readyAt: (jobId: number) => retryTimes.readyAt(jobId),
      hasOther: (avoided: ReadonlySet<string>) => hosts.hasOther(avoided),
    };
    const offer = nextJob(this.#jobs(), this.#reservations, callerKey, now, (job) =>
      mayBeOffered(job, situation),
    );
    this.#reservations = offer.reservations;
    return (offer.job && view.get(offer.job.jobId)) ?? null;
  }

  *#jobs() {
    for (const jobId of this.#order) {
      const stored = this.#parts.view.get(jobId);
      if (stored) yield stored.job;
    }
  }
}
