import { formatDuration } from '../../format/duration.ts';
import type { Clock } from '../clock.ts';
import { HostEnds } from './host-ends.ts';
import type { IdleRecord } from './idle-record.ts';
import { longSleep } from './long-sleep.ts';

export interface IdlePorts {
  /** Milliseconds. */
  timeoutMs: number;
  clock: Pick<Clock, 'sleep'>;
  record: Pick<IdleRecord, 'elapsedMs' | 'clear'>;
  /** Ends the watch. */
  signal: AbortSignal;
  onEnd: (reason: HostEnds) => void;
}

/**
 * Ends a host that has had no work for long.
 *
 * - idle: no job is held here. Also while the orchestrator cannot be reached, while this host is set aside,
 *   and while a finished result cannot be delivered: whatever is in the way, nothing is computed.
 * - busy: a job that was claimed is being worked on. However long that takes, the host stays.
 */
export class IdleWatch {
  readonly #ports: IdlePorts;
  #waiting: AbortController | null = null;
  /** What is done with the record, one after the other. */
  #recorded: Promise<void> = Promise.resolve();

  /** @param elapsedMs for how long the host was idle already */
  constructor(ports: IdlePorts, elapsedMs: number) {
    this.#ports = ports;
    this.#wait(ports.timeoutMs - elapsedMs);
  }

  busy(isBusy: boolean): void {
    const { record, timeoutMs } = this.#ports;
    if (isBusy) {
      this.#waiting?.abort();
      this.#waiting = null;
      // With it the next start would take the time of work for idle time.
      this.#record(() => record.clear());
    } else if (this.#waiting === null) {
      this.#wait(timeoutMs);
      this.#record(() => record.elapsedMs());
    }
  }

  /** Resolves when the record is as it should be, or cannot be. */
  recorded(): Promise<void> {
    return this.#recorded;
  }

  /** A disk that cannot be written must not keep the host alive. */
  #record(change: () => Promise<unknown>): void {
    this.#recorded = this.#recorded.then(change).then(
      () => undefined,
      () => undefined,
    );
  }

  #wait(ms: number): void {
    const { clock, timeoutMs, signal, onEnd } = this.#ports;
    const waiting = new AbortController();
    this.#waiting = waiting;
    const until = AbortSignal.any([waiting.signal, signal]);
    void longSleep(clock, ms, until).then(() => {
      if (until.aborted) return;
      onEnd(new HostEnds('idle', `this host had no work for ${formatDuration(timeoutMs)}`));
    });
  }
}
