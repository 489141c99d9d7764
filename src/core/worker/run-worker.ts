import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AttemptFailure } from '../domain/attempt-failure.ts';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import type { Logger } from '../log/logger.ts';
import { readConfigLines } from '../../nodeos/config/config-ini-lines.ts';
import type { InstalledNodeos } from '../../nodeos/install/install.ts';
import { probeNodeos } from '../../nodeos/install/probe.ts';
import { replaySlice } from '../../nodeos/driver/replay-slice.ts';
import type { FinalHashBy, SliceRun } from '../../nodeos/driver/replay-slice.ts';
import { unusable } from '../files/unusable.ts';
import { orchestratorClient, type OrchestratorClient } from '../protocol/client.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import type { HostReportRecord } from '../protocol/host-report.ts';
import type { SelfCheckRecord } from '../protocol/self-check-record.ts';
import { openSource } from '../storage/source.ts';
import type { Source } from '../storage/source.ts';
import { clearAttempts, removeLogs } from './attempt-directory.ts';
import { runAttempt } from './attempt.ts';
import type { AttemptTools } from './attempt-work.ts';
import { clearLeftBehind } from './clear-left-behind.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { diskObstacle } from './disk-check.ts';
import { withEvidence } from './evidence/with-evidence.ts';
import { locateJobFiles } from './job-files.ts';
import { settleLeftoverJob } from './leftover-job.ts';
import { hostFacts, instanceIdOfBoard } from './host-facts.ts';
import { reportHost } from './host-reporter.ts';
import { lockWorkDirectory } from './lock.ts';
import { runLoop } from './loop.ts';
import type { LoopEnd } from './loop.ts';
import { ownToken } from './own-token.ts';
import { prepareBlocks } from './prepare-blocks.ts';
import { packageFor, prepareNodeos, versionRemark } from './prepare-nodeos.ts';
import { prepareStart } from './prepare-start.ts';
import { runSelfCheck } from './self-check.ts';
import { createSetAside } from './set-aside.ts';
import { createView } from './view/create-view.ts';
import type { View } from './view/view.ts';
import { checkDebUrl, checkPeers } from './work-flags.ts';
import { resolveWorkerId } from './worker-id.ts';

export interface WorkerOptions {
  /** Base URL, as parseOrchestrator gives it. */
  orchestrator: string;
  /** Made when it is not there. One worker a directory. */
  dataDir: string;
  /** Use this nodeos; null: install what the slice asks for. */
  nodeosPath: string | null;
  /** Take one job, then end. */
  once: boolean;
  /** End when no job waits and no host holds one. */
  exitWhenDrained: boolean;
  /** null: the host's name with a random part that is kept in the data directory. */
  workerId: string | null;
  progressIntervalMs: number;
  /** Bytes that must be free in the data directory before a job is taken. */
  minFreeDiskBytes: number;
  /** Path of a file with lines of a config.ini. */
  nodeosConfigFile: string | null;
  /** `host:port` of nodes that deliver blocks. */
  peers: readonly string[];
  debUrlTemplate: string | null;
  finalHash: FinalHashBy;
  limits: SliceRun['limits'];
  logger: Logger;
  signal: AbortSignal;
  /** Default: bars on stdout when it is a terminal, else plain lines. */
  view?: View;
  clock?: Clock;
  /** Bearer token. */
  token?: string;
  /** Path of a file with a join token, which is exchanged for a token of this worker's own. */
  joinTokenFile?: string | null;
  /** Told when work at a job begins and when it is over. */
  busy?: (isBusy: boolean) => void;
  /** Of EC2; default: what the board of this machine says. */
  instanceId?: string | null;
  /** Of this program, to be told. */
  version?: string;
  /** Dollars an hour that this host costs; null: nobody said. */
  pricePerHour?: number | null;
}

/**
 * Takes jobs from the orchestrator and replays them, one after the other, until it is told to stop or
 * the options say that it is done. Throws a UserError when it cannot start here (exit code 6), when a
 * file is invalid (3), or when the orchestrator cannot be reached or refuses (5).
 */
export async function runWorker(options: WorkerOptions): Promise<LoopEnd> {
  const dataDir = resolve(options.dataDir);
  checkPeers(options.peers);
  checkDebUrl(options.debUrlTemplate);
  const configLines = await readConfigFile(options.nodeosConfigFile);
  const given =
    options.nodeosPath === null ? null : await probeGiven(resolve(options.nodeosPath), options.signal);
  await createDataDir(dataDir);
  const lock = await lockWorkDirectory(dataDir);
  const view = options.view ?? createView(process);
  const source = openSource();
  try {
    return await workInDirectory({ ...options, dataDir }, { configLines, given, view, source });
  } finally {
    source.close();
    await view.close();
    await lock.release();
  }
}

interface Parts {
  configLines: SliceRun['configLines'];
  given: InstalledNodeos | null;
  view: View;
  source: Source;
}

async function workInDirectory(options: WorkerOptions, parts: Parts): Promise<LoopEnd> {
  const { dataDir, signal, logger, clock = systemClock, once, exitWhenDrained } = options;
  const { view } = parts;
  const notice = (text: string): void => view.notice(text);
  const left = await usable(dataDir, () => clearLeftBehind(dataDir));
  for (const pid of left) notice(`A nodeos that was left running (pid ${pid}) was ended.`);
  await requireDisk(dataDir, options.minFreeDiskBytes);
  const workerId = await usable(dataDir, () => resolveWorkerId(dataDir, options.workerId));
  const { orchestrator: baseUrl, joinTokenFile = null } = options;
  const clientWith = (token: string | undefined): OrchestratorClient =>
    orchestratorClient({ baseUrl, workerId, token });
  const token =
    joinTokenFile === null
      ? options.token
      : await ownToken({ dataDir, joinTokenFile, workerId, clientWith, clock, signal, notice });
  if (token === null) return 'interrupted';
  const client = clientWith(token);
  logger.debug({ workerId, dataDir, orchestrator: client.baseUrl }, 'The worker starts');
  const deps = { client, clock, logger, view, dataDir, workerId, signal, busy: options.busy };
  await settleLeftoverJob({ ...deps, notice });
  const { peers, finalHash, limits, progressIntervalMs } = options;
  const settings = { peers, configLines: parts.configLines, finalHash, limits };
  const tools = createTools(options, parts);
  const packageOf = (job: FullJobRecord): string | null =>
    parts.given === null ? packageFor(job, options.debUrlTemplate) : null;
  const evidence = { client, clock, logger, signal, replayVersion: options.version ?? null, packageOf };
  let lastFailed: FullJobRecord | null = null;
  const check = (): Promise<SelfCheckRecord> =>
    runSelfCheck({ ...options, client, source: parts.source, lastFailed, now: () => clock.now() });
  const over = new AbortController();
  const { version = null, pricePerHour = null } = options;
  const startedAt = clock.now();
  const instanceId = options.instanceId ?? (await instanceIdOfBoard());
  const look = (): Promise<HostReportRecord> =>
    hostFacts({ dataDir, version, pricePerHour, instanceId, startedAt, now: clock.now() });
  void reportHost({ client, clock, logger, look, signal: AbortSignal.any([signal, over.signal]) });
  const loop = runLoop(
    {
      baseUrl: client.baseUrl,
      clock,
      signal,
      notice,
      nextJob: () => client.nextJob({ signal }),
      summary: () => client.summary({ signal }),
      work: async (offer) => {
        const end = await withEvidence(offer, tools, evidence, (watched) =>
          runAttempt(offer, { ...deps, tools: watched, settings, progressIntervalMs }),
        );
        if (end === 'failed') lastFailed = offer.job;
        return end;
      },
      obstacle: () => obstacleIn(dataDir, options.minFreeDiskBytes),
      whenSetAside: createSetAside({ client, clock, signal, notice, check }),
    },
    { once, exitWhenDrained },
  );
  return loop.finally(() => over.abort());
}

function createTools(options: WorkerOptions, { given, source, view }: Parts): AttemptTools {
  const { dataDir, debUrlTemplate, peers } = options;
  return {
    async nodeos(job, context) {
      const nodeos = await prepareNodeos(job, { dataDir, given, debUrlTemplate }, { ...context, source });
      const remark = versionRemark(job, nodeos);
      if (remark !== null) view.notice(remark);
      return nodeos;
    },
    // `async` so that an address of an unknown form is a rejection, too.
    start: async (job, context) => prepareStart(job, locateJobFiles(job), { ...context, source }),
    blocks: async (job, context) =>
      prepareBlocks(job, locateJobFiles(job).blocks, peers, { ...context, source }),
    replay: (run) => replaySlice(run),
  };
}

async function readConfigFile(file: string | null): Promise<SliceRun['configLines']> {
  if (file === null) return [];
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError({
      code: 'NODEOS_CONFIG_UNREADABLE',
      message: `The file of --nodeos-config cannot be read: ${(error as Error).message}`,
      exitCode: ExitCode.invalidInput,
      cause: error,
    });
  }
  return readConfigLines(text, file);
}

/** Better now than at the first job. */
async function probeGiven(path: string, signal: AbortSignal): Promise<InstalledNodeos> {
  try {
    return { path, ...(await probeNodeos(path, { signal })) };
  } catch (error) {
    if (!(error instanceof AttemptFailure)) throw error;
    throw new UserError({
      code: 'NODEOS_UNUSABLE',
      message: error.message,
      hint:
        error.hint ??
        'Check the path given to --nodeos, or leave it out so that the right version is installed.',
      exitCode: ExitCode.cannotStart,
      cause: error,
    });
  }
}

async function createDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
  } catch (error) {
    throw new UserError({
      code: 'DATA_DIR_UNUSABLE',
      message: `The work directory ${dataDir} cannot be made: ${(error as Error).message}`,
      hint: 'Use another --data-dir.',
      exitCode: ExitCode.cannotStart,
      cause: error,
    });
  }
}

/** Clears the directory, and says why no job can be done in it. */
async function obstacleIn(dataDir: string, minFreeBytes: number): Promise<string | null> {
  try {
    await clearAttempts(dataDir);
    let problem = await diskObstacle(dataDir, minFreeBytes);
    if (problem?.kind === 'write') {
      // A nodeos that printed without end has filled the disk, and only a person would make room again.
      await removeLogs(dataDir).catch(() => undefined);
      problem = await diskObstacle(dataDir, minFreeBytes);
    }
    return problem === null ? null : `${problem.message}.`;
  } catch (error) {
    return `what the last attempt left in ${dataDir} cannot be removed: ${(error as Error).message}`;
  }
}

/** Something on the disk does not work as it must; nothing has been asked or claimed yet. */
async function usable<T>(dataDir: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw error instanceof UserError ? error : unusable(dataDir, error);
  }
}

async function requireDisk(dataDir: string, minFreeBytes: number): Promise<void> {
  const problem = await diskObstacle(dataDir, minFreeBytes);
  if (problem === null) return;
  throw new UserError({
    code: problem.kind === 'space' ? 'DISK_TOO_SMALL' : 'DATA_DIR_UNUSABLE',
    message: `The work directory cannot be used: ${problem.message}.`,
    hint: `Make room on that disk, or use another --data-dir${problem.kind === 'space' ? '; lower --min-free-disk when the states are known to be small' : ''}.`,
    exitCode: ExitCode.cannotStart,
  });
}
