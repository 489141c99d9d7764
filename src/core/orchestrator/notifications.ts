import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Job } from '../domain/job.ts';
import type { Fetch } from '../protocol/client-http.ts';
import { Notifier } from '../notify/notifier.ts';
import { Outbox } from '../notify/outbox.ts';
import type { Target } from '../notify/target.ts';
import type { MonotonicClock } from './clock.ts';
import type { Context } from './context.ts';

/** Who is told what becomes of the run. */
export interface NotifyOptions {
  targets: readonly Target[];
  /** Seconds without a host at work after which that is told. */
  idleSeconds: number;
  /** How the orchestrator is reached by who is told, without a slash at its end; null: not known. */
  publicUrl: string | null;
  userAgent: string;
  fetch?: Fetch;
}

/** How long the last notifications may take at the end. Milliseconds. */
const CLOSE_MS = 1_000;

/**
 * Begins to tell the targets what becomes of the run.
 * @returns what ends it, within a second or two
 */
export async function beginNotifications(
  context: Context,
  options: NotifyOptions | null,
  clock: MonotonicClock,
  dataDir: string,
): Promise<() => Promise<void>> {
  if (options === null || options.targets.length === 0) return async () => undefined;
  const { store, hosts, pause, now, random, logger } = context;
  const { targets, idleSeconds, publicUrl, userAgent, fetch = globalThis.fetch } = options;
  const { runId, salt } = store.run.info;
  const keys = targets.map(({ key }) => key);
  const notifier = new Notifier({
    source: {
      source: publicUrl === null ? hostname() : new URL(publicUrl).host,
      runId,
      runKey: createHash('sha256').update(salt).digest('hex').slice(0, 8),
      publicUrl,
    },
    targets,
    outbox: await Outbox.open({ dataDir, runId, targets: keys, logger }),
    view: {
      jobs: () => jobsOf(context),
      summary: () => store.summary(now()),
      hostsSetAside: () => hosts.allSetAside(),
      setAside: (workerId) => hosts.setAside(workerId),
      isPaused: () => pause.state !== null,
    },
    idleMs: idleSeconds * 1000,
    userAgent,
    fetch,
    timer: clock,
    now,
    random,
    logger,
  });
  pause.onChange(() => notifier.pauseChanged());
  const unsubscribe = store.onChange(({ job, before }) => notifier.changed(job, before));
  await notifier.begin();
  logger.info({ targets: targets.map(({ name }) => name) }, 'notifications are sent');
  return async () => {
    unsubscribe();
    await notifier.close(CLOSE_MS);
  };
}

function* jobsOf({ store }: Context): Iterable<Job> {
  for (const { job } of store.view.all()) yield job;
}
