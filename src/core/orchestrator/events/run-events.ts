import type { JobStore } from '../../store/job-store.ts';
import type { MonotonicClock } from '../clock.ts';
import { JobFeed } from './job-feed.ts';
import { RecentTexts } from './recent-texts.ts';

/** How often the numbers of the run are told while jobs change, and when nothing does. Milliseconds. */
const SUMMARY_MS = 1_000;
const QUIET_TICKS = 10;

/** Readers of GET /events at the same time. */
const MAX_FEEDS = 1_000;

interface Parts {
  store: Pick<JobStore, 'onChange'>;
  clock: MonotonicClock;
  /** Different each time that the orchestrator is started: its changes are counted anew. */
  epoch: string;
}

/**
 * Tells the readers of GET /events what has changed since they came, or since the event they saw last.
 * Changes are numbered from 1 within one life of the orchestrator, and of each job only the number of its
 * last one is kept: whoever comes back is told the jobs that changed meanwhile, each once.
 */
export class RunEvents {
  readonly #parts: Parts;
  readonly #feeds = new Map<JobFeed, number | null>();
  readonly #lastChange = new Map<number, number>();
  /** The records of jobs, by the number of the change that they tell. */
  readonly texts: RecentTexts;
  #change = 0;
  #changedSinceTick = false;
  #quietTicks = 0;
  #cancelTick: (() => void) | null = null;
  #isOver = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.texts = new RecentTexts(parts.clock);
    parts.store.onChange(({ job }) => this.#changed(job.jobId));
  }

  get isFull(): boolean {
    return this.#feeds.size >= MAX_FEEDS;
  }

  /** The id of the event that tells a change, and of all before it. */
  idOf(change: number): string {
    return `${this.#parts.epoch}-${change}`;
  }

  get lastId(): string {
    return this.idOf(this.#change);
  }

  /**
   * A feed for a reader, which has to be closed.
   * @param lastId the id of the event that it saw last; null: none
   * @param onlyJob the one job that it wants to hear of; null: all
   */
  open(lastId: string | null, onlyJob: number | null): { feed: JobFeed; resumed: boolean } {
    const feed = new JobFeed();
    const seen = this.#changeOf(lastId);
    if (seen !== null) {
      const missed = [...this.#lastChange].filter(([, change]) => change > seen);
      for (const [jobId, change] of missed.toSorted(([, a], [, b]) => a - b)) {
        if (onlyJob === null || onlyJob === jobId) feed.changed(jobId, change);
      }
    }
    feed.summaryDue();
    if (this.#isOver) {
      feed.end();
      return { feed, resumed: seen !== null };
    }
    this.#feeds.set(feed, onlyJob);
    this.#cancelTick ??= this.#tickLater();
    return { feed, resumed: seen !== null };
  }

  close(feed: JobFeed): void {
    this.#feeds.delete(feed);
    if (this.#feeds.size > 0) return;
    this.#cancelTick?.();
    this.#cancelTick = null;
  }

  /** Ends all streams: their readers come again, and hear of another run. */
  end(): void {
    this.#isOver = true;
    for (const feed of this.#feeds.keys()) feed.end();
  }

  /** The numbers of the run are others, although no job has changed. */
  summaryChanged(): void {
    for (const feed of this.#feeds.keys()) feed.summaryDue();
  }

  #changed(jobId: number): void {
    this.#change += 1;
    this.#lastChange.set(jobId, this.#change);
    this.#changedSinceTick = true;
    for (const [feed, onlyJob] of this.#feeds) {
      if (onlyJob === null || onlyJob === jobId) feed.changed(jobId, this.#change);
    }
  }

  #changeOf(id: string | null): number | null {
    const prefix = `${this.#parts.epoch}-`;
    if (!id?.startsWith(prefix)) return null;
    const change = Number(id.slice(prefix.length));
    return Number.isSafeInteger(change) && change >= 0 && change <= this.#change ? change : null;
  }

  #tickLater(): () => void {
    return this.#parts.clock.after(SUMMARY_MS, () => {
      this.#cancelTick = this.#tickLater();
      this.#quietTicks += 1;
      if (!this.#changedSinceTick && this.#quietTicks < QUIET_TICKS) return;
      this.#changedSinceTick = false;
      this.#quietTicks = 0;
      this.summaryChanged();
    });
  }
}
