import { mkdir } from 'node:fs/promises';
import { formatDuration } from '../../format/duration.ts';
import type { Logger } from '../../log/logger.ts';
import type { Clock } from '../clock.ts';
import { HostEnds } from './host-ends.ts';
import { IdleRecord, type Uptime } from './idle-record.ts';
import { IdleWatch } from './idle-watch.ts';
import type { InstanceMetadata } from './imds.ts';
import { longSleep } from './long-sleep.ts';
import { watchReclaim } from './reclaim-watch.ts';

export interface LifeOptions {
  dataDir: string;
  /** Milliseconds; null: it waits for work for ever. */
  idleTimeoutMs: number | null;
  /** Milliseconds; null: as long as it likes. */
  maxLifetimeMs: number | null;
  /** Of EC2; null: this machine is not one of its. */
  metadata: Pick<InstanceMetadata, 'get'> | null;
  clock: Clock;
  logger: Logger;
  /** A person, or the service manager, tells the worker to stop. */
  signal: AbortSignal;
  uptime?: () => Promise<Uptime>;
}

/** How long a host is there. */
export interface Life {
  /** Aborts when the worker is to end: it was told to, or its host comes to its end (the reason is a HostEnds). */
  readonly signal: AbortSignal;
  /** Told when work at a job begins and when it is over. */
  busy(isBusy: boolean): void;
  /** Why the host ends; null: it does not, or somebody told the worker to stop before that. */
  ends(): HostEnds | null;
  /** Ends all watches. */
  close(): Promise<void>;
}

/** Begins to watch for whatever ends this host. */
export async function beginLife(options: LifeOptions): Promise<Life> {
  const { dataDir, idleTimeoutMs, maxLifetimeMs, metadata, clock, logger } = options;
  const own = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, own.signal]);
  const watching = AbortSignal.any([signal, over.signal]);
  const end = (reason: HostEnds): void => {
    if (watching.aborted) return;
    logger.info({ kind: reason.kind }, `${reason.message}: the worker ends`);
    own.abort(reason);
  };
  if (maxLifetimeMs !== null) {
    void longSleep(clock, maxLifetimeMs, watching).then(() =>
      end(new HostEnds('lifetime', `this worker has lived for ${formatDuration(maxLifetimeMs)}`)),
    );
  }
  if (metadata !== null) {
    void watchReclaim({ metadata, clock, logger, signal: watching }).then((reason) => {
      if (reason !== null) end(reason);
    });
  }
  const idle = idleTimeoutMs === null ? null : await watchIdle(idleTimeoutMs);
  return {
    signal,
    busy: (isBusy) => idle?.busy(isBusy),
    ends: () => (signal.reason instanceof HostEnds ? signal.reason : null),
    close: async () => {
      over.abort();
      await idle?.recorded();
    },
  };

  async function watchIdle(timeoutMs: number): Promise<IdleWatch> {
    // Whether it can be used is found out, and said, by the worker.
    await mkdir(dataDir, { recursive: true }).catch(() => undefined);
    const record = new IdleRecord(dataDir, options.uptime);
    const elapsedMs = await record.elapsedMs().catch(() => 0);
    return new IdleWatch({ timeoutMs, clock, record, signal: watching, onEnd: end }, elapsedMs);
  }
}
