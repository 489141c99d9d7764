import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '../../../../src/core/log/logger.ts';
import { orchestratorClient, type OrchestratorClient } from '../../../../src/core/protocol/client.ts';
import type { VersionedJob } from '../../../../src/core/protocol/client-job.ts';
import type { FullJobRecord } from '../../../../src/core/protocol/full-record.ts';
import { runAttempt } from '../../../../src/core/worker/attempt.ts';
import type { AttemptDeps } from '../../../../src/core/worker/attempt.ts';
import type { AttemptTools } from '../../../../src/core/worker/attempt-work.ts';
import type { Clock } from '../../../../src/core/worker/clock.ts';
import { silentView } from '../../../../src/core/worker/view/view.ts';
import type { SliceRun } from '../../../../src/nodeos/driver/replay-slice.ts';
import { createWorkScene } from './work-scene.ts';

export const HASH = 'ab'.repeat(32);
export const START_HASH = 'cd'.repeat(32);

/** Pauses cost no time; an interval of NEVER lasts until it is ended. */
export const NEVER = 1e9;
const eagerClock: Clock = {
  now: () => Date.now(),
  random: () => 0.999,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      if (ms < NEVER) setImmediate(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    }),
};

/** Has its own idea of how long a lease is. */
function tellingLease(client: OrchestratorClient, lease: { seconds: number }): OrchestratorClient {
  const told = (found: VersionedJob | null): VersionedJob | null =>
    found === null ? null : { ...found, job: { ...found.job, lease_seconds: lease.seconds } };
  return {
    ...client,
    nextJob: async (options) => told(await client.nextJob(options)),
    getJob: async (jobId, options) => told(await client.getJob(jobId, options)),
  };
}

export interface AttemptScene {
  deps: AttemptDeps;
  /** Replaced one by one: by default all succeed at once. */
  tools: AttemptTools;
  client: OrchestratorClient;
  controller: AbortController;
  /** NEVER unless it is set: no sign of life is needed, and what is sent is what happens. */
  leaseSeconds: number;
  /** `POST /job STARTED`, `POST /config`, …: what reached the orchestrator from the worker. */
  sent: string[];
  /** What becomes of a request: done and answered, not done, done with its answer lost, or refused for want of a token. */
  network: (request: string) => 'up' | 'down' | 'answer-lost' | 'refused';
  offer(): Promise<VersionedJob>;
  run(offer?: VersionedJob): ReturnType<typeof runAttempt>;
  job(): Promise<FullJobRecord>;
}

/** One attempt at the second slice of a chain (the first starts from genesis), with a real orchestrator. */
export async function createAttemptScene(options: { fromGenesis?: boolean } = {}): Promise<AttemptScene> {
  const scene = await createWorkScene({
    fromGenesis: options.fromGenesis ?? false,
    knownHashes: false,
    slices: 2,
  });
  const dataDir = join(scene.folder, 'work');
  await mkdir(dataDir, { recursive: true });
  const controller = new AbortController();
  const sent: string[] = [];
  const lease = { seconds: 4 * NEVER };
  const connected = orchestratorClient({
    baseUrl: scene.url,
    workerId: 'worker-1',
    fetch: async (url, init) => {
      const name = nameOf(url, init);
      const fate = attemptScene.network(name);
      if (fate === 'down') throw new TypeError('fetch failed');
      if (fate === 'refused') return new Response('', { status: 401 });
      const response = await fetch(url, init);
      if (init.method === 'POST') sent.push(name);
      if (fate === 'answer-lost') {
        await response.text();
        throw new TypeError('fetch failed');
      }
      return response;
    },
  });
  const client = tellingLease(connected, lease);
  const attemptScene: AttemptScene = {
    client: scene.client,
    get leaseSeconds() {
      return lease.seconds;
    },
    set leaseSeconds(seconds) {
      lease.seconds = seconds;
    },
    controller,
    sent,
    network: () => 'up',
    tools: {
      nodeos: async () => ({ path: '/nodeos', version: 'v1.2.2', product: 'spring', standIn: false }),
      start: async () => ({ kind: 'snapshot', path: '/snapshot.bin' }),
      blocks: async () => ({ hasBlockFiles: true }),
      replay: async (run) => replayAtOnce(run),
    },
    deps: {
      client,
      clock: eagerClock,
      logger: silentLogger,
      view: silentView,
      get tools() {
        return attemptScene.tools;
      },
      settings: {
        peers: [],
        configLines: [],
        finalHash: 'auto',
        limits: { loadMs: 1000, replayStallMs: 1000, hashMs: 1000 },
      },
      dataDir,
      workerId: 'worker-1',
      progressIntervalMs: NEVER,
      signal: controller.signal,
    },
    offer: async () => {
      const offer = await (attemptScene.deps.client as OrchestratorClient).nextJob();
      if (offer === null) throw new Error('no job waits');
      return offer;
    },
    run: async (offer) => runAttempt(offer ?? (await attemptScene.offer()), attemptScene.deps),
    job: async () => (await scene.client.status())[0] as FullJobRecord,
  };
  return attemptScene;
}

/** nodeos in no time. */
export async function replayAtOnce(run: SliceRun): ReturnType<AttemptTools['replay']> {
  enterReplay(run);
  run.onStage('hash');
  return { head: run.endBlock, hash: HASH, startHash: START_HASH, finalHashBy: 'on-stop' };
}

/** nodeos up to its first blocks. */
export function enterReplay(run: SliceRun): void {
  run.onStage('load');
  if (run.start.kind === 'snapshot') void run.onStartHash(START_HASH);
  run.onStage('replay');
  run.onProgress({ block: run.startBlock + 10, snapshotPercent: null });
}

/** Does not end until it is told to. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function nameOf(url: string, init: RequestInit): string {
  const path = new URL(url).pathname;
  const status = path === '/job' && init.method === 'POST' ? ` ${statusOf(init.body as string)}` : '';
  return `${init.method} ${path}${status}`;
}

function statusOf(body: string): string {
  return (JSON.parse(body) as { status: string }).status;
}
