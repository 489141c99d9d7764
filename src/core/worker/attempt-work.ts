import type { FinalHashBy, SliceOutcome, SliceRun, SliceStart } from '../../nodeos/driver/replay-slice.ts';
import type { InstalledNodeos } from '../../nodeos/install/install.ts';
import type { StartHash } from '../protocol/client-worker.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import type { AttemptProgress } from './attempt-progress.ts';
import type { PrepareContext } from './prepare-context.ts';
import type { ReadyBlocks } from './prepare-blocks.ts';
import { versionOf } from './prepare-nodeos.ts';
import { addSample, ratePerSecond } from './rate.ts';
import type { RateWindow } from './rate.ts';
import { runAll } from './run-all.ts';
import { formatBytes } from '../format/bytes.ts';
import type { Step, View } from './view/view.ts';

type Bytes = Pick<PrepareContext, 'directory' | 'signal' | 'onBytes'>;

/** What an attempt needs done, as functions. */
export interface AttemptTools {
  nodeos(job: FullJobRecord, context: Bytes): Promise<InstalledNodeos>;
  start(job: FullJobRecord, context: Bytes): Promise<SliceStart>;
  blocks(job: FullJobRecord, context: Bytes): Promise<ReadyBlocks>;
  replay(run: SliceRun): Promise<SliceOutcome>;
}

/** How nodeos is to be run, for all jobs of this worker. */
export interface NodeosSettings {
  peers: readonly string[];
  configLines: SliceRun['configLines'];
  finalHash: FinalHashBy;
  limits: SliceRun['limits'];
}

/** Told as it happens; each of these becomes a message to the orchestrator. */
export interface WorkEvents {
  loading(): void;
  startHash(start: StartHash): void;
  replaying(): void;
}

export interface WorkInput {
  job: FullJobRecord;
  directory: string;
  tools: AttemptTools;
  settings: NodeosSettings;
  progress: AttemptProgress;
  events: WorkEvents;
  view: View;
  now: () => number;
  /** Each line that nodeos prints. */
  onLogLine: (line: string) => void;
  signal: AbortSignal;
}

export interface WorkDone {
  outcome: SliceOutcome;
  nodeos: InstalledNodeos;
}

/** Takes one slice through its stages: install and fetch side by side, then nodeos. */
export async function work(input: WorkInput): Promise<WorkDone> {
  const { nodeos, start, blocks } = await prepare(input);
  try {
    return { outcome: await replay(input, nodeos, start, blocks), nodeos };
  } catch (error) {
    // nodeos did not get as far as its first stage.
    if (input.progress.running === null) input.progress.failedIn('load');
    throw error;
  }
}

interface Ready {
  nodeos: InstalledNodeos;
  start: SliceStart;
  blocks: ReadyBlocks;
}

async function prepare(input: WorkInput): Promise<Ready> {
  const { job, tools, progress, view } = input;
  const ready: Partial<Ready> = {};
  const install = async (signal: AbortSignal): Promise<void> => {
    view.stepBegins('install');
    progress.begin('install');
    const nodeos = await tools.nodeos(job, bytesOf(input, 'install', signal));
    progress.end('install');
    progress.uses(nodeos.version);
    view.stepEnds('install', `nodeos ${nodeos.version}`);
    ready.nodeos = nodeos;
  };
  const fetchStart = async (signal: AbortSignal): Promise<void> => {
    ready.start = await shown(input, 'snapshot', signal, (bytes) => tools.start(job, bytes));
  };
  const fetchBlocks = async (signal: AbortSignal): Promise<void> => {
    ready.blocks = await shown(input, 'blocks', signal, (bytes) => tools.blocks(job, bytes));
  };
  const fetch = async (signal: AbortSignal): Promise<void> => {
    progress.begin('fetch');
    await runAll([fetchStart, fetchBlocks], 2, signal, (task, either) => task(either));
    progress.end('fetch');
  };
  const stages = [
    { stage: 'install', run: install },
    { stage: 'fetch', run: fetch },
  ] as const;
  await runAll(stages, 2, input.signal, async ({ stage, run }, signal) => {
    try {
      await run(signal);
    } catch (error) {
      // After the abort it is the other stage that has failed, or we were told to stop.
      if (!signal.aborted) progress.failedIn(stage);
      throw error;
    }
  });
  return ready as Ready;
}

/** Runs a download with its bar. */
async function shown<T>(
  input: WorkInput,
  step: Step,
  signal: AbortSignal,
  fetch: (bytes: Bytes) => Promise<T>,
): Promise<T> {
  input.view.stepBegins(step);
  let fetched = 0;
  const bytes = bytesOf(input, step, signal, (done) => {
    fetched = done;
  });
  const result = await fetch(bytes);
  input.view.stepEnds(step, formatBytes(fetched));
  return result;
}

function bytesOf(
  { directory, view, now }: WorkInput,
  step: Step,
  signal: AbortSignal,
  seen: (done: number) => void = () => {},
): Bytes {
  let window: RateWindow = [];
  return {
    directory,
    signal,
    onBytes: ({ done, total }) => {
      seen(done);
      const at = now();
      // Pieces come by the thousand.
      if (at - (window.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= 200)
        window = addSample(window, { at, done }, 10_000);
      view.stepProgress(step, { kind: 'bytes', done, total, perSecond: ratePerSecond(window, at) });
    },
  };
}

function replay(
  input: WorkInput,
  nodeos: InstalledNodeos,
  start: SliceStart,
  { hasBlockFiles }: ReadyBlocks,
): Promise<SliceOutcome> {
  const { job, tools, settings, directory, signal } = input;
  const { field, version } = versionOf(job);
  return tools.replay({
    nodeosPath: nodeos.path,
    product: nodeos.product,
    directory,
    start,
    startBlock: job.start_block_num,
    endBlock: job.end_block_num,
    hasBlockFiles,
    options: job.nodeos_options,
    ...settings,
    signal,
    onLogLine: input.onLogLine,
    onStage: (stage) => enterStage(input, stage),
    onProgress: ({ block, snapshotPercent }) => showReplay(input, block, snapshotPercent),
    onStartHash: (hash) =>
      input.events.startHash({ block: job.start_block_num, hash, versionField: field, version }),
  });
}

function enterStage({ job, progress, view, events }: WorkInput, stage: 'load' | 'replay' | 'hash'): void {
  const before = progress.running;
  if (before === stage) return;
  if (before !== null) progress.end(before);
  if (before === 'load' || before === 'replay') view.stepEnds(before);
  progress.begin(stage);
  view.stepBegins(stage);
  if (stage === 'load' && job.start_block_num > 0) events.loading();
  if (stage === 'replay') events.replaying();
}

function showReplay({ job, progress, view }: WorkInput, block: number | null, percent: number | null): void {
  if (progress.running === 'load' && percent !== null)
    view.stepProgress('load', { kind: 'percent', percent });
  if (block === null || progress.running === 'load') return;
  progress.reached(block);
  view.stepProgress('replay', {
    kind: 'blocks',
    block,
    startBlock: job.start_block_num,
    endBlock: job.end_block_num,
    perSecond: progress.blocksPerSecond,
    leftMs: progress.leftMs(job.end_block_num),
  });
}
