import type { CheckNodeosOptions } from '../domain/manifest/parse.ts';
import type { JobOrder } from '../domain/schedule.ts';
import type { Logger } from '../log/logger.ts';
import { acquireLock } from '../files/lock.ts';
import { openStore } from '../store/open-store.ts';
import type { JobStore } from '../store/job-store.ts';
import { setUpAccess, type AccessMode, type AccessOptions } from './access/access.ts';
import type { GuardClock } from './access/sign-in-guard.ts';
import { systemClock, type MonotonicClock } from './clock.ts';
import { loadAssets, type Assets } from './dashboard/assets.ts';
import { dashboardRoutes } from './dashboard/routes.ts';
import { pageReply } from './dashboard/send-asset.ts';
import { createApp } from './http/app.ts';
import { DEFAULT_LIMITS, type Limits } from './http/limits.ts';
import { listen } from './http/listen.ts';
import { heardFrom } from './heard-from.ts';
import { beginLeases, createContext, type CareOptions } from './create-context.ts';
import { ManifestWriter } from './manifest-writer.ts';
import { beginNotifications, type NotifyOptions } from './notifications.ts';
import type { Program } from './program.ts';
import { readManifest, type ReadManifest } from './read-manifest.ts';
import { summaryRecord } from './summary-of.ts';
import { routesOf } from './routes/routes.ts';

export interface OrchestratorOptions {
  manifestPath: string;
  host: string;
  /** 0: any free port. */
  port: number;
  dataDir: string;
  order: JobOrder;
  /** Whether learned hashes are written back to the manifest file. */
  updateConfig: boolean;
  logger: Logger;
  /** What is wrong with a slice's nodeos options; the knowledge is src/nodeos's. */
  checkNodeosOptions: CheckNodeosOptions;
  /** Who gets in. Default: everybody on a loopback address, the owner of a token elsewhere. */
  access?: AccessOptions;
  limits?: Partial<Limits>;
  /** Addresses of proxies whose X-Forwarded headers are believed. */
  trustedProxies?: readonly string[];
  /** For the slowing down of failed sign-ins, and for the end of sessions. */
  signInClock?: GuardClock;
  /** How jobs are kept with their holders, and what follows a failure. */
  care?: CareOptions;
  /** Who is told what becomes of the run. */
  notify?: NotifyOptions;
  /** The files of the dashboard. Default: those that were built into the program. */
  assets?: Assets;
  now?: () => Date;
  /** Of this program. */
  version?: string;
  /** The file that hosts may fetch from here; default null: none. */
  program?: Program | null;
  /** Paces the record of the run's course. */
  historyClock?: MonotonicClock;
}

export interface Orchestrator {
  /** `http://host:port`, reachable from this machine. */
  url: string;
  port: number;
  /** How callers get in. */
  access: AccessMode;
  /** Stops accepting, finishes what is being answered, and gives the data directory free; within 5 s. */
  close(): Promise<void>;
}

/** How long answers that are under way may take once the end was asked for. Milliseconds. */
const DRAIN_MS = 3_000;

/**
 * Starts the orchestrator: reads the manifest, opens or begins its run, and listens.
 * @throws UserError when the manifest is invalid or this machine cannot start it here
 */
export async function startOrchestrator(options: OrchestratorOptions): Promise<Orchestrator> {
  const { dataDir, logger, now = () => new Date() } = options;
  const manifest = await readManifest(options.manifestPath, options.checkNodeosOptions, logger);
  const lock = await acquireLock(dataDir);
  try {
    return await openAndListen({ ...options, now }, manifest, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

type StartOptions = OrchestratorOptions & Required<Pick<OrchestratorOptions, 'now'>>;

async function openAndListen(
  options: StartOptions,
  manifest: ReadManifest,
  release: () => Promise<void>,
): Promise<Orchestrator> {
  const { dataDir, logger, now, host, port, order } = options;
  const { slices, text } = manifest;
  const { trustedProxies = [] } = options;
  const access = await setUpAccess(options);
  const { store, isNew } = await openStore({ dataDir, slices, manifest: text, now: now(), logger });
  const writer = options.updateConfig ? new ManifestWriter(options.manifestPath, text, logger) : null;
  const { care = {}, version, program = null, assets = loadAssets() } = options;
  const parts = { store, manifest: writer, order, now, logger, care, version, program };
  const context = await createContext(parts);
  const routes = [...routesOf(context), ...dashboardRoutes(assets), ...access.routes];
  const limits = { ...DEFAULT_LIMITS, exempt: trustedProxies, ...options.limits };
  const { answerMs } = limits;
  const stopping = new AbortController();
  const app = createApp(routes, {
    logger,
    gate: access.gate,
    page: (request) => pageReply(request, assets),
    heard: heardFrom(context),
    answered: (method, path, status) => context.meters.answered(method, path, status),
    trustedProxies,
    answerMs,
    clock: care.clock ?? systemClock(),
    stopping: stopping.signal,
  });
  const { notify = null } = options;
  const endNotifications = await beginNotifications(context, notify, care.clock ?? systemClock(), dataDir);
  const server = await listen(app, host, port, limits).catch(async (error: unknown) => {
    await endNotifications();
    throw error;
  });
  beginLeases(context);
  const { historyClock = systemClock() } = options;
  context.history.begin(historyClock, now, () => summaryRecord(context));
  const { runId, jobCount } = store.run.info;
  logger.info(
    { url: server.url, run: runId, jobs: jobCount, dataDir },
    isNew ? 'a new run begins' : 'the run goes on',
  );
  if (writer) void writer.record(notWrittenBack(store, manifest));
  return {
    url: server.url,
    port: server.port,
    access: access.mode,
    close: once(async () => {
      stopping.abort();
      await server.close(DRAIN_MS);
      context.leases.close();
      await context.history.close();
      await context.fleet.close();
      await store.close();
      await context.liveLogs.close();
      await endNotifications();
      await writer?.close();
      await release();
      logger.info({ run: runId }, 'the orchestrator has stopped');
    }),
  };
}

/** Hashes that were learned but did not reach the manifest before the orchestrator ended. */
function notWrittenBack(store: JobStore, { slices }: ReadManifest) {
  return slices.flatMap((slice) => {
    const hash = store.view.bySlice(slice.sliceId)?.job.expectedHash;
    return hash && hash !== slice.knownHash ? [{ slice, hash }] : [];
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}
