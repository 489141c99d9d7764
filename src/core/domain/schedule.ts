import type { Job } from './job.ts';

/** How long an offered job is kept for the caller that it was offered to. */
export const RESERVATION_MS = 5_000;

/** A waiting job that was offered to one caller. A caller has at most one. */
export interface Reservation {
  readonly jobId: number;
  /** Attempts at the job when it was offered. With one more it was claimed, and the reservation is spent. */
  readonly attempts: number;
  /** Who was offered it: the worker's id, or the address of a caller that does not name itself. */
  readonly caller: string;
  /** Milliseconds, on the same clock as `now`. From then on the job is anybody's. */
  readonly until: number;
}

export interface Offer {
  /** null: nothing waits, or all that waits is reserved for others. */
  readonly job: Job | null;
  /** The reservations that are in force from now on; takes the place of those that were passed in. */
  readonly reservations: readonly Reservation[];
}

export type JobOrder = 'manifest' | 'longest-first';

/** The jobs in the order in which they are offered. Longest first shortens the tail of a run. */
export function inOrder(jobs: readonly Job[], order: JobOrder): Job[] {
  const length = (job: Job): number => job.slice.endBlock - job.slice.startBlock;
  const byManifest = (a: Job, b: Job): number => a.slice.sliceId - b.slice.sliceId || a.jobId - b.jobId;
  switch (order) {
    case 'manifest':
      return jobs.toSorted(byManifest);
    case 'longest-first':
      return jobs.toSorted((a, b) => length(b) - length(a) || byManifest(a, b));
    default: {
      const never: never = order;
      throw new Error(`no such order: ${String(never)}`);
    }
  }
}

/**
 * Offers the next waiting job to a caller and reserves it for `RESERVATION_MS`. A caller that asks
 * again is offered the same job and its reservation starts anew; other callers are offered others.
 *
 * @param jobs in the order in which they are to be offered (see `inOrder`).
 * @param now milliseconds.
 * @param mayBeOffered whether a waiting job may go to this caller at all (placement.ts).
 */
export function nextJob(
  jobs: Iterable<Job>,
  reservations: readonly Reservation[],
  caller: string,
  now: number,
  mayBeOffered: (job: Job) => boolean = () => true,
): Offer {
  const inForce = reservations.filter((reservation) => reservation.until > now);
  const own = inForce.find((reservation) => reservation.caller === caller);
  const others = inForce.filter((reservation) => reservation.caller !== caller);
  const taken = new Map(others.map(({ jobId, attempts }) => [jobId, attempts]));
  const waiting = filter(jobs, (job) => job.status === 'WAITING_4_WORKER' && mayBeOffered(job));
  const job = pick(waiting, own, taken);
  if (job === null) return { job, reservations: others };
  const reserved = { jobId: job.jobId, attempts: job.attempts.length, caller, until: now + RESERVATION_MS };
  return { job, reservations: [...others, reserved] };
}

function* filter(jobs: Iterable<Job>, accept: (job: Job) => boolean): Iterable<Job> {
  for (const job of jobs) if (accept(job)) yield job;
}

/** The caller's own reserved job while it still waits, else the first that nobody else has. */
function pick(
  jobs: Iterable<Job>,
  own: Reservation | undefined,
  taken: ReadonlyMap<number, number>,
): Job | null {
  let first: Job | null = null;
  for (const job of jobs) {
    if (job.jobId === own?.jobId && job.attempts.length === own.attempts) return job;
    if (first === null && taken.get(job.jobId) !== job.attempts.length) first = job;
    if (first !== null && own === undefined) return first;
  }
  return first;
}
