import {
  afterGap,
  costOf,
  NEW_ACCOUNT,
  withFormer,
  withPrice,
  type FormerHosts,
  type HostAccount,
  type RunCost,
} from '../domain/cost.ts';
import type { HostReportRecord } from '../protocol/host-report.ts';
import type { MonotonicClock } from './clock.ts';
import type { KeptFleet } from '../store/fleet-file.ts';

/** A host that was heard from within this time is there. */
export const SEEN_MS = 2 * 60_000;

/** A host that was not heard from for so long is forgotten, but for its part of the cost. */
export const FORGET_MS = 24 * 3_600_000;

/** Whoever may work can make up names. */
export const MAX_HOSTS = 10_000;

/** One host of the run: a worker that names itself. */
export interface FleetHost {
  readonly workerId: string;
  /** Wall clock, in milliseconds since 1970. */
  readonly firstSeen: number;
  readonly lastHeard: number;
  /** Since it was last heard from, whatever became of the wall clock since then. */
  readonly silentMs: number;
  readonly isSeen: boolean;
  readonly account: HostAccount;
  /** null: it has said nothing of itself since the orchestrator was started. */
  readonly report: HostReportRecord | null;
}

interface Entry {
  readonly firstSeen: number;
  lastHeard: number;
  /** On the monotonic clock. */
  heardAt: number;
  account: HostAccount;
  report: HostReportRecord | null;
}

export interface FleetOptions {
  clock: Pick<MonotonicClock, 'now'>;
  now: () => Date;
  /** What was known when the orchestrator last ran. */
  kept: KeptFleet;
  /** Something has changed that is worth keeping. Called at every sign of life. */
  onChange: () => void;
}

/** The hosts of a run, what they say of themselves, and what they cost. In memory; fleet-file.ts keeps the rest. */
export class Fleet {
  readonly #options: FleetOptions;
  /** By worker; the one heard from last is at the end. */
  readonly #hosts = new Map<string, Entry>();
  #former: FormerHosts;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { clock, now, kept } = options;
    this.#former = kept.former;
    const wall = now().getTime();
    for (const { workerId, firstSeen, lastHeard, account } of kept.hosts.toSorted(byLastHeard)) {
      // Only here does the wall clock count, and no more than MAX_GAP_MS of what it says.
      const heardAt = clock.now() - Math.max(wall - lastHeard, 0);
      this.#hosts.set(workerId, { firstSeen, lastHeard, heardAt, account, report: null });
    }
  }

  /** Any word of a worker that names itself. Called at every request of one. */
  heard(workerId: string): void {
    this.#hear(workerId);
    this.#options.onChange();
  }

  report(workerId: string, report: HostReportRecord): void {
    const entry = this.#hear(workerId);
    entry.report = report;
    entry.account = withPrice(entry.account, report.price_per_hour);
    this.#options.onChange();
  }

  /** The one heard from last is at the end. */
  all(): FleetHost[] {
    this.#forget();
    return Array.from(this.#hosts, ([workerId, entry]) => this.#hostOf(workerId, entry));
  }

  get(workerId: string): FleetHost | null {
    const entry = this.#hosts.get(workerId);
    return entry === undefined ? null : this.#hostOf(workerId, entry);
  }

  cost(): RunCost | null {
    return costOf(this.all(), this.#former);
  }

  /** For the next start. */
  kept(): KeptFleet {
    return { former: this.#former, hosts: this.all() };
  }

  #hear(workerId: string): Entry {
    const { clock, now } = this.#options;
    const at = clock.now();
    const wall = now().getTime();
    const known = this.#hosts.get(workerId);
    const entry = known ?? {
      firstSeen: wall,
      lastHeard: wall,
      heardAt: at,
      account: NEW_ACCOUNT,
      report: null,
    };
    entry.account = afterGap(entry.account, at - entry.heardAt);
    entry.lastHeard = wall;
    entry.heardAt = at;
    // Deleted first, so that it becomes the newest.
    this.#hosts.delete(workerId);
    this.#hosts.set(workerId, entry);
    this.#forget();
    return entry;
  }

  #forget(): void {
    const now = this.#options.clock.now();
    for (const [workerId, { heardAt, account }] of this.#hosts) {
      if (now - heardAt < FORGET_MS && this.#hosts.size <= MAX_HOSTS) return;
      this.#hosts.delete(workerId);
      this.#former = withFormer(this.#former, account);
    }
  }

  #hostOf(workerId: string, { firstSeen, lastHeard, heardAt, account, report }: Entry): FleetHost {
    const silentMs = this.#options.clock.now() - heardAt;
    return { workerId, firstSeen, lastHeard, silentMs, isSeen: silentMs < SEEN_MS, account, report };
  }
}

function byLastHeard(one: { lastHeard: number }, other: { lastHeard: number }): number {
  return one.lastHeard - other.lastHeard;
}
