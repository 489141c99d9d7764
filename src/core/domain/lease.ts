import type { Job } from './job.ts';
import { afterFailure, type RetryInputs } from './retry.ts';
import { formatUtc } from './time.ts';
import { decideUpdate } from './transition.ts';

/** The term of a lease unless something else is set. */
export const DEFAULT_LEASE_SECONDS = 120;

/**
 * Until when each held job belongs to its holder, in milliseconds of a monotonic clock. All leases have
 * the same term, so the order in which they were renewed is the order in which they run out.
 */
export class LeaseBook {
  readonly termMs: number;
  /** In the order of their ends. */
  readonly #ends = new Map<number, number>();

  constructor(termMs: number) {
    this.termMs = termMs;
  }

  /** Gives a job one full term from now on. */
  renew(jobId: number, now: number): void {
    this.#ends.delete(jobId);
    this.#ends.set(jobId, now + this.termMs);
  }

  end(jobId: number): void {
    this.#ends.delete(jobId);
  }

  endOf(jobId: number): number | null {
    return this.#ends.get(jobId) ?? null;
  }

  /** When the first lease runs out; null: there is none. */
  firstEnd(): number | null {
    for (const end of this.#ends.values()) return end;
    return null;
  }

  overdue(now: number): number[] {
    const jobIds: number[] = [];
    for (const [jobId, end] of this.#ends) {
      if (end > now) break;
      jobIds.push(jobId);
    }
    return jobIds;
  }

  jobIds(): number[] {
    return [...this.#ends.keys()];
  }
}

/**
 * A held job whose holder was not heard from for a whole term: its attempt is over, and the job waits
 * for another one, or is at its end (TIMEOUT) when its budget is spent. The version changes, so that the
 * old holder can change nothing any more.
 *
 * @param holder as a person knows it, for the message.
 */
export function expire(job: Job, holder: string, termSeconds: number, inputs: RetryInputs): Job {
  const errorMessage = `${holder} was not heard from for ${termSeconds} s`;
  const update = { status: 'TIMEOUT', errorCause: 'host-lost', errorMessage } as const;
  const decision = decideUpdate(job, update, { workerId: null }, formatUtc(inputs.now));
  if (decision.kind !== 'changed') throw new Error(`job ${job.jobId} is ${job.status}, and cannot expire`);
  return afterFailure(decision.job, inputs);
}
