import { SEEN_MS } from '../domain/placement.ts';
import {
  afterAttempt,
  attemptsByWorker,
  setAside,
  type EndedAttempt,
  type HostFailure,
  type SetAsideHost,
} from '../domain/host-health.ts';
import type { Job } from '../domain/job.ts';
import type { ClearedHosts } from './cleared-hosts.ts';
import type { MonotonicClock } from './clock.ts';

/**
 * The hosts of a run: which have been seen lately, and which are set aside. A host is a worker's id, or
 * the address of callers that name none. Health follows from the attempts and what was cleared, both of
 * which are on disk; who was seen is forgotten at a restart.
 */
export class Hosts {
  readonly #clock: MonotonicClock;
  readonly #cleared: ClearedHosts;
  /** By caller, the last seen at the end. */
  readonly #seen = new Map<string, number>();
  /** Failures in a row, by worker. */
  readonly #failures = new Map<string, readonly HostFailure[]>();
  #claims = 0;

  constructor(jobs: Iterable<Job>, cleared: ClearedHosts, clock: MonotonicClock) {
    this.#clock = clock;
    this.#cleared = cleared;
    const all = [...jobs];
    for (const [workerId, made] of attemptsByWorker(all, cleared.claims())) {
      this.#failures.set(workerId, made.reduce<readonly HostFailure[]>(afterAttempt, []));
    }
    for (const { attempts } of all) {
      for (const { claimNumber = 0 } of attempts) this.#claims = Math.max(this.#claims, claimNumber);
    }
    this.#claims = Math.max(this.#claims, ...cleared.claims().values());
  }

  /** The number of the claim that is about to be made. */
  nextClaim(): number {
    this.#claims += 1;
    return this.#claims;
  }

  /** A caller asked for a job under a name of its own, or holds one. */
  saw(caller: string): void {
    this.#seen.delete(caller);
    this.#seen.set(caller, this.#clock.now());
    this.#forget();
  }

  /** Whether a host that is not among these workers has been seen lately and may be given jobs. */
  hasOther(avoided: ReadonlySet<string>): boolean {
    this.#forget();
    const callers = new Set([...avoided].map(callerOf));
    for (const caller of this.#seen.keys()) {
      if (!callers.has(caller) && this.setAside(workerOf(caller)) === null) return true;
    }
    return false;
  }

  ended(workerId: string | null, ended: EndedAttempt): void {
    if (workerId === null) return;
    const inARow = afterAttempt(this.#failures.get(workerId) ?? [], ended);
    if (inARow.length === 0) this.#failures.delete(workerId);
    else this.#failures.set(workerId, inARow);
  }

  /** null: the host is not set aside. */
  setAside(workerId: string | null): SetAsideHost | null {
    return workerId === null ? null : setAside(workerId, this.#failures.get(workerId) ?? []);
  }

  allSetAside(): SetAsideHost[] {
    const hosts = [...this.#failures.keys()].flatMap((workerId) => this.setAside(workerId) ?? []);
    return hosts.toSorted((a, b) => (a.workerId < b.workerId ? -1 : 1));
  }

  /**
   * Lets a host have jobs again: what it failed so far does not count any more. Resolves when that is on
   * disk; false when it was not set aside.
   */
  async clear(workerId: string): Promise<boolean> {
    if (this.setAside(workerId) === null) return false;
    await this.#cleared.add(workerId, this.#claims);
    this.#failures.delete(workerId);
    return true;
  }

  #forget(): void {
    for (const [caller, at] of this.#seen) {
      if (this.#clock.now() - at < SEEN_MS) return;
      this.#seen.delete(caller);
    }
  }
}

const WORKER = 'worker ';

/** Under which a worker that names itself is known. */
export function callerOf(workerId: string): string {
  return WORKER + workerId;
}

function workerOf(caller: string): string | null {
  return caller.startsWith(WORKER) ? caller.slice(WORKER.length) : null;
}
