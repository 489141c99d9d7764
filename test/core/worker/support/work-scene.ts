import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { CAUSES } from '../../../../src/core/domain/cause.ts';
import { silentLogger } from '../../../../src/core/log/logger.ts';
import { reports } from '../../../../src/commands/support/reports.ts';
import { startOrchestrator } from '../../../../src/core/orchestrator/start.ts';
import { orchestratorClient, type OrchestratorClient } from '../../../../src/core/protocol/client.ts';
import { runWorker } from '../../../../src/core/worker/run-worker.ts';
import type { WorkerOptions } from '../../../../src/core/worker/run-worker.ts';
import { createLineView } from '../../../../src/core/worker/view/line-view.ts';
import { checkNodeosOptions } from '../../../../src/nodeos/options/options.ts';
import { writeSampleChain } from '../../../../src/nodeos/stand-in/sample-chain.ts';
import type { SampleChain, SampleChainOptions } from '../../../../src/nodeos/stand-in/sample-chain.ts';
import { writeStandInWrapper } from '../../../../src/nodeos/stand-in/wrapper.ts';
import type { StandInWrapper } from '../../../../src/nodeos/stand-in/wrapper.ts';

const ENTRY = resolve(import.meta.dirname, '../../../nodeos/stand-in/entry.ts');

/** What ends as a failure stays one; what was given back waits again. */
const NO_RETRIES = Object.fromEntries(
  CAUSES.filter((cause) => cause !== 'interrupted' && cause !== 'host-lost').map((cause) => [cause, 0]),
);

export interface WorkScene {
  folder: string;
  chain: SampleChain;
  url: string;
  client: OrchestratorClient;
  /** What the workers showed, line by line. */
  lines: string[];
  /** Writes the program that takes the place of nodeos; its path. */
  nodeos(settings?: Partial<StandInWrapper>): Promise<string>;
  work(options?: Partial<WorkerOptions>): ReturnType<typeof runWorker>;
  stopOrchestrator(): Promise<void>;
  startOrchestrator(): Promise<void>;
}

/** A small chain on disk, an orchestrator on a free port, and workers with the stand-in. */
export async function createWorkScene(chainOptions: Partial<SampleChainOptions> = {}): Promise<WorkScene> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-work-'));
  const chain = await writeSampleChain({
    folder: join(folder, 'chain'),
    slices: 3,
    blocksPerSlice: 100,
    stride: 80,
    version: '1.2.2',
    ...chainOptions,
  });
  const start = (port: number): ReturnType<typeof startOrchestrator> =>
    startOrchestrator({
      manifestPath: chain.manifestPath,
      host: '127.0.0.1',
      port,
      dataDir: join(folder, 'orchestrator'),
      order: 'manifest',
      updateConfig: false,
      logger: silentLogger,
      checkNodeosOptions,
      reports,
      care: { retries: NO_RETRIES },
    });
  let orchestrator = await start(0);
  let running = true;
  const { url, port } = orchestrator;
  onTestFinished(async () => {
    if (running) await orchestrator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const lines: string[] = [];
  const nodeos = (settings: Partial<StandInWrapper> = {}): Promise<string> =>
    writeStandInWrapper(join(folder, 'bin'), {
      command: [process.execPath, ENTRY],
      version: '1.2.2',
      ...settings,
    });
  return {
    folder,
    chain,
    url,
    client: orchestratorClient({ baseUrl: url }),
    lines,
    nodeos,
    work: async (options = {}) =>
      runWorker({
        orchestrator: url,
        dataDir: join(folder, 'work'),
        nodeosPath: options.nodeosPath === undefined ? await nodeos() : options.nodeosPath,
        once: false,
        exitWhenDrained: true,
        workerId: 'worker-1',
        progressIntervalMs: 10_000,
        minFreeDiskBytes: 0,
        nodeosConfigFile: null,
        peers: [],
        debUrlTemplate: null,
        finalHash: 'auto',
        limits: { loadMs: 10_000, replayStallMs: 10_000, hashMs: 10_000 },
        logger: silentLogger,
        signal: new AbortController().signal,
        view: createLineView(
          (line) => lines.push(line.trimEnd()),
          () => 0,
        ),
        ...options,
      }),
    stopOrchestrator: async () => {
      running = false;
      await orchestrator.close();
    },
    startOrchestrator: async () => {
      orchestrator = await start(port);
      running = true;
    },
  };
}
