import { dirname, join, resolve } from 'node:path';
import type { CheckNodeosOptions } from '../domain/manifest/parse.ts';
import type { JobOrder } from '../domain/schedule.ts';
import type { Slice } from '../domain/slice.ts';
import type { Logger } from '../log/logger.ts';
import { acquireLock } from '../files/lock.ts';
import type { FleetDesk } from '../hosts/desk/fleet-desk.ts';
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
import type { CareOptions } from './create-context.ts';
import { CurrentRun } from './current-run.ts';
import { ManifestWriter } from './manifest-writer.ts';
import { DismissedHosts } from './dismissed-hosts.ts';
import { Meters } from './metrics/meters.ts';
import type { NotifyOptions } from './notifications.ts';
import { openRun } from './open-run.ts';
import type { Program } from '../files/program-file.ts';
import { readManifest, type ReadManifest } from './read-manifest.ts';
import { reportRoutes } from './reports/routes.ts';
import type { Reports } from './reports/reports.ts';
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
  /** Forms of a report. */
  reports: Reports;
  /** The files of the dashboard. Default: those that were built into the program. */
  assets?: Assets;
  now?: () => Date;
  /** Of this program. */
  version?: string;
  /** The file that hosts may fetch from here; default null: none. */
  program?: Program | null;
  /** Where hosts are launched and stopped; default null: nowhere. */
  fleet?: FleetDesk | null;
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
  const { dataDir, logger, now, host, port, order, updateConfig, checkNodeosOptions } = options;
  const { trustedProxies = [], care = {}, notify = null, version, program = null } = options;
  const { historyClock = systemClock(), assets = loadAssets() } = options;
  const access = await setUpAccess(options);
  const { slices, text } = manifest;
  const opened = await openStore({ dataDir, slices, manifest: text, now: now(), logger });
  const { store, isNew, replacesConfig } = opened;
  const meters = new Meters();
  const dismissed = new DismissedHosts(care.clock ?? systemClock());
  const setting = {
    dataDir,
    order,
    care,
    notify,
    historyClock,
    now,
    logger,
    version,
    program,
    meters,
    dismissed,
  };
  const path = replacesConfig ? join(store.run.path, 'manifest.json') : options.manifestPath;
  const writer = updateConfig ? new ManifestWriter(path, replacesConfig ? null : text, logger) : null;
  const open = await openRun(store, writer, setting);
  const configFolder = dirname(resolve(options.manifestPath));
  const run = new CurrentRun(
    open,
    { configFolder, replacesConfig, updateConfig, checkNodeosOptions },
    setting,
  );
  const routes = [
    ...routesOf(run, options.fleet ?? null),
    ...reportRoutes(() => run.context, options.reports),
    ...dashboardRoutes(assets),
    ...access.routes,
  ];
  const limits = { ...DEFAULT_LIMITS, exempt: trustedProxies, ...options.limits };
  const { answerMs } = limits;
  const stopping = new AbortController();
  const app = createApp(routes, {
    logger,
    gate: access.gate,
    page: (request) => pageReply(request, assets),
    heard: heardFrom(run),
    answered: (method, path, status) => meters.answered(method, path, status),
    trustedProxies,
    answerMs,
    clock: care.clock ?? systemClock(),
    stopping: stopping.signal,
  });
  await open.beginTelling();
  const server = await listen(app, host, port, limits).catch(async (error: unknown) => {
    await open.endTelling();
    throw error;
  });
  open.begin();
  const { runId, jobCount } = store.run.info;
  logger.info(
    { url: server.url, run: runId, jobs: jobCount, dataDir },
    isNew ? 'a new run begins' : 'the run goes on',
  );
  if (replacesConfig) {
    const why = 'it was begun over HTTP, and the manifest file has not changed since';
    logger.warn(
      { run: runId, config: options.manifestPath },
      `the run goes on with its own manifest: ${why}`,
    );
  }
  if (writer) void writer.record(notWrittenBack(store, replacesConfig ? null : slices));
  return {
    url: server.url,
    port: server.port,
    access: access.mode,
    close: once(async () => {
      stopping.abort();
      await server.close(DRAIN_MS);
      await run.close();
      await release();
      logger.info({ run: run.context.store.run.info.runId }, 'the orchestrator has stopped');
    }),
  };
}

/**
 * Hashes that were learned but did not reach the manifest before the orchestrator ended.
 * @param slices as the manifest has them now; null: as they were when the run began
 */
function notWrittenBack(store: JobStore, slices: readonly Slice[] | null) {
  const known = slices && new Map(slices.map(({ sliceId, knownHash }) => [sliceId, knownHash]));
  return Array.from(store.view.all(), ({ job }) => job).flatMap(({ slice, expectedHash: hash }) => {
    const written = known ? known.get(slice.sliceId) : slice.knownHash;
    return hash && hash !== written ? [{ slice, hash }] : [];
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}
