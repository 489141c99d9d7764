import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ProcessExit } from '../../../src/nodeos/conclusion/conclusion.ts';
import type { ProcessRequest } from '../../../src/nodeos/process/process.ts';
import { replaySlice } from '../../../src/nodeos/driver/replay-slice.ts';
import type { DriverTools, SliceRun } from '../../../src/nodeos/driver/replay-slice.ts';
import type { Clock } from '../../../src/nodeos/driver/replay-slice-tools.ts';

export const START_HASH = 'a'.repeat(64);
export const END_HASH = 'b'.repeat(64);
export const OTHER_HASH = 'c'.repeat(64);

/** A block id: the number in its first eight hex digits. */
export const idOf = (block: number) => block.toString(16).padStart(8, '0').padEnd(64, '7');

/** A clock whose time passes when the test says so. */
export function manualClock(): Clock & { pass(ms: number): Promise<void> } {
  let now = 0;
  const timers = new Set<{ at: number; call: () => void }>();
  return {
    now: () => now,
    after(ms, call) {
      const timer = { at: now + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async pass(ms) {
      const end = now + ms;
      for (;;) {
        await settle();
        const next = [...timers].filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.call();
      }
      now = end;
      await settle();
    },
  };
}

/** Lets everything go on that waits for nothing but the event loop. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A nodeos whose lines and end are dictated by the test. */
export class ScriptedNodeos {
  readonly request: ProcessRequest;
  readonly exit: Promise<ProcessExit>;
  stopped = false;
  /** What it does when it is told to stop. */
  onStop: () => void = () => this.end({ code: 0, signal: null });
  #resolve!: (exit: ProcessExit) => void;
  #reject!: (error: unknown) => void;

  constructor(request: ProcessRequest) {
    this.request = request;
    this.exit = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.exit.catch(() => undefined);
  }

  say(...messages: string[]): this {
    for (const message of messages) {
      this.request.onLine(
        `info  2026-11-22T11:25:30.362 nodeos    somewhere.cpp:1              something            ] ${message}`,
      );
    }
    return this;
  }

  end(exit: ProcessExit): void {
    this.#resolve(exit);
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  stop(): Promise<void> {
    if (!this.stopped) {
      this.stopped = true;
      this.onStop();
    }
    return this.exit.then(
      () => undefined,
      () => undefined,
    );
  }
}

export interface Drive {
  outcome: ReturnType<typeof replaySlice>;
  clock: ReturnType<typeof manualClock>;
  /** What was reported, in order. */
  events: string[];
  /** The nodeos processes that were started so far. */
  started: ScriptedNodeos[];
  /** Waits until the nth nodeos (from 0) has been started. */
  nodeos: (index: number) => Promise<ScriptedNodeos>;
  stop: AbortController;
  directory: string;
  /** What the API answers from now on; by default nobody listens. */
  api: { head: number | null; integrity: unknown };
  portsReleased: () => boolean;
}

/** Starts a slice (1000, 2000] on Spring from block files, changed as the test needs it. */
export async function drive(more: Partial<SliceRun> = {}): Promise<Drive> {
  const directory = await mkdtemp(join(tmpdir(), 'replay-slice-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, 'data/blocks/retained'), { recursive: true });
  const clock = manualClock();
  const events: string[] = [];
  const started: ScriptedNodeos[] = [];
  const stop = new AbortController();
  const api: Drive['api'] = { head: null, integrity: undefined };
  let released = false;
  let onStarted = () => {};
  const tools: DriverTools = {
    clock,
    random: () => 0,
    graceMs: 5000,
    pollMs: 1000,
    reservePorts: async () => ({ ports: [12_001, 12_002], release: () => (released = true) }),
    startNodeos: async (request) => {
      const nodeos = new ScriptedNodeos(request);
      started.push(nodeos);
      onStarted();
      return { pid: 1, exit: nodeos.exit, stop: () => nodeos.stop() };
    },
    getInfo: async () => {
      if (api.head === null) throw new Error('connection refused');
      return { headBlock: api.head, headId: idOf(api.head) };
    },
    getIntegrityHash: async () => {
      if (api.integrity === undefined) throw new Error('connection refused');
      return api.integrity;
    },
  };
  const run: SliceRun = {
    nodeosPath: '/opt/nodeos',
    product: 'spring',
    directory,
    start: { kind: 'snapshot', path: '/snapshots/1000.bin' },
    startBlock: 1000,
    endBlock: 2000,
    hasBlockFiles: true,
    peers: [],
    options: [],
    configLines: [],
    finalHash: 'auto',
    limits: { loadMs: 60_000, replayStallMs: 10_000, hashMs: 30_000 },
    signal: stop.signal,
    onStage: (stage) => void events.push(stage),
    onProgress: ({ block, snapshotPercent }) =>
      void events.push(block === null ? `${snapshotPercent} %` : `block ${block}`),
    onStartHash: (hash) => void events.push(`start ${hash.slice(0, 2)}`),
    ...more,
  };
  const outcome = replaySlice(run, tools);
  outcome.catch(() => undefined);
  onTestFinished(async () => {
    stop.abort();
    await outcome.catch(() => undefined);
  });
  return {
    outcome,
    clock,
    events,
    started,
    stop,
    directory,
    api,
    portsReleased: () => released,
    async nodeos(index) {
      const ended = outcome.then(() =>
        Promise.reject(new Error(`it ended before nodeos ${index} was started`)),
      );
      while (!started[index])
        await Promise.race([new Promise<void>((resolve) => (onStarted = resolve)), ended]);
      return started[index];
    },
  };
}

/** The lines of a load, as Spring and Leap print them. */
export const loaded = {
  spring: (block = 1000, log = '1-3000') => [
    `Starting initialization from snapshot and block log ${log}, this may take a significant amount of time`,
    `Snapshot loaded, head: ${block} : ${idOf(block)}`,
    `chain database started with hash: ${START_HASH}`,
  ],
  leap: (block = 1000, log = '1-3000') => [
    `Starting initialization from snapshot and block log ${log}, this may take a significant amount of time`,
    `Snapshot loaded, lib: ${block}`,
    `chain database started with hash: ${START_HASH}`,
  ],
};

/** The lines from the block log to the end block, and of an orderly exit there. */
export const replayed = {
  spring: [
    'existing block log, attempting to replay from 1001 to 3000 blocks',
    '1500 of 3000',
    'Block 2000 reached configured maximum block 2000; terminating',
    '1000 irreversible blocks replayed from block log, chain head 2000',
    'Blockchain started; head block is #2000',
    `chain database stopped with hash: ${END_HASH}`,
    `Writing chain_head block 2000 ${idOf(2000)}`,
    'nodeos successfully exiting',
  ],
  leap: [
    'existing block log, attempting to replay from 1001 to 3000 blocks',
    '1500 of 3000',
    'Reached configured maximum block 2000; terminating',
    '1000 irreversible blocks replayed',
    `resetting fork database with new last irreversible block as the new root: ${idOf(2000)}`,
    'Blockchain started; head block is #2000',
    `chain database stopped with hash: ${END_HASH}`,
    'nodeos successfully exiting',
  ],
};
