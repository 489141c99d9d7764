import type { HostsEvent } from '../../protocol/host-record.ts';

/** What a reader has to be told next. */
export interface News {
  /** Jobs that changed, in the order of their last changes, with the number of that change. */
  jobs: { jobId: number; change: number }[];
  /** The numbers of the run are due. */
  summary: boolean;
  /** A change of the hosts; `all`: it has missed some, or is new, and has to be told of all of them. */
  hosts: HostsEvent | 'all' | null;
}

/**
 * What one reader of the events has not been told yet. A job that changes again before it was told is told
 * once, as it is then: a reader that falls behind costs no more memory than there are jobs.
 */
export class JobFeed {
  /** By job; a Map keeps the order in which it was filled. */
  readonly #changed = new Map<number, number>();
  #summary = false;
  #hosts: News['hosts'] = null;
  #isOver = false;
  #wake = (): void => {};

  changed(jobId: number, change: number): void {
    this.#changed.delete(jobId);
    this.#changed.set(jobId, change);
    this.#wake();
  }

  summaryDue(): void {
    this.#summary = true;
    this.#wake();
  }

  /** All hosts are told in place of what has changed of them. */
  allHostsDue(): void {
    this.#hosts = 'all';
    this.#wake();
  }

  /** A reader that has not been told of the change before gets all hosts: only the newest one is kept. */
  hostsChanged(change: HostsEvent): void {
    this.#hosts = this.#hosts === null ? change : 'all';
    this.#wake();
  }

  /** Nothing comes any more, and what was not taken is dropped. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** Waits for news and takes up to so many jobs of it; null when the signal came first, or nothing comes. */
  async next(limit: number, signal: AbortSignal): Promise<News | null> {
    const isOver = (): boolean => signal.aborted || this.#isOver;
    while (this.#isQuiet && !isOver()) await this.#news(signal);
    if (isOver()) return null;
    const jobs = [];
    for (const [jobId, change] of this.#changed) {
      if (jobs.length >= limit) break;
      jobs.push({ jobId, change });
      this.#changed.delete(jobId);
    }
    // After the jobs that it counts.
    const summary = this.#summary && this.#changed.size === 0;
    if (summary) this.#summary = false;
    const hosts = this.#hosts;
    this.#hosts = null;
    return { jobs, summary, hosts };
  }

  get #isQuiet(): boolean {
    return this.#changed.size === 0 && !this.#summary && this.#hosts === null;
  }

  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        this.#wake = () => {};
        signal.removeEventListener('abort', go);
        resolve();
      };
      this.#wake = go;
      signal.addEventListener('abort', go);
    });
  }
}
