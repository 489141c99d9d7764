import { formatUtc } from '../../domain/time.ts';
import { hostChange, type HostRow, type HostsEvent } from '../../protocol/host-record.ts';
import type { MonotonicClock } from '../clock.ts';
import type { JobFeed } from './job-feed.ts';

/** Between two looks at what has changed. Milliseconds. */
export const HOSTS_MS = 3000;

interface Parts {
  clock: Pick<MonotonicClock, 'after'>;
  now: () => Date;
  /** All hosts as they are now. */
  read: () => HostRow[];
}

/**
 * Tells the readers that ask for it how the hosts change. All are told the same change, which is found once
 * for all of them; nobody looks while there is no reader.
 */
export class HostEvents {
  readonly #parts: Parts;
  readonly #feeds = new Set<JobFeed>();
  /** As it was last told. */
  #known: ReadonlyMap<string, HostRow> = new Map();
  #cancelTick: (() => void) | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** From now on the reader is told, all hosts first. */
  open(feed: JobFeed): void {
    if (this.#feeds.size === 0) this.#known = this.#read();
    this.#feeds.add(feed);
    this.#cancelTick ??= this.#tickLater();
    feed.allHostsDue();
  }

  close(feed: JobFeed): void {
    this.#feeds.delete(feed);
    if (this.#feeds.size > 0) return;
    this.#cancelTick?.();
    this.#cancelTick = null;
  }

  /** All hosts, for a reader to which the next change then belongs. */
  all(): HostsEvent {
    return { at: this.#at(), all: true, hosts: [...this.#known.values()], gone: [] };
  }

  #tickLater(): () => void {
    return this.#parts.clock.after(HOSTS_MS, () => {
      this.#cancelTick = this.#tickLater();
      this.#look();
    });
  }

  #look(): void {
    const now = this.#read();
    const hosts = [...now.values()].flatMap((row) => hostChange(this.#known.get(row.worker_id), row) ?? []);
    const gone = [...this.#known.keys()].filter((workerId) => !now.has(workerId));
    this.#known = now;
    if (hosts.length === 0 && gone.length === 0) return;
    const change: HostsEvent = { at: this.#at(), all: false, hosts, gone };
    for (const feed of this.#feeds) feed.hostsChanged(change);
  }

  #read(): Map<string, HostRow> {
    return new Map(this.#parts.read().map((row) => [row.worker_id, row]));
  }

  #at(): string {
    return formatUtc(this.#parts.now());
  }
}
