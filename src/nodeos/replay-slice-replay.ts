import { AttemptFailure } from '../core/domain/attempt-failure.ts';
import { conclude } from './conclusion.ts';
import type { Failure, ProcessExit, RunFacts, Success } from './conclusion.ts';
import type { Observation } from './observation.ts';
import { replayArguments, writeConfig } from './replay-slice-files.ts';
import { startObserved } from './replay-slice-observed.ts';
import type { ObservedNodeos } from './replay-slice-observed.ts';
import { makeReports, stageOf } from './replay-slice-reports.ts';
import type { Reports } from './replay-slice-reports.ts';
import { pause } from './replay-slice-tools.ts';
import type { DriverTools } from './replay-slice-tools.ts';
import type { DrivenStage, SliceRun } from './replay-slice-types.ts';
import { watchIdle } from './replay-slice-watch.ts';

export interface Replayed {
  readonly success: Success;
  readonly observation: Observation;
}

/** Why we ended nodeos before it ended by itself. */
type Ending =
  | { readonly why: 'interrupted' }
  | { readonly why: 'stalled'; readonly stage: DrivenStage; readonly forMs: number }
  | { readonly why: 'hopeless'; readonly failure: AttemptFailure }
  /** What `onStartHash` threw is thrown in the end. */
  | { readonly why: 'undeliverable' };

/**
 * Runs nodeos over the slice, from the snapshot or genesis to the end block, and judges the run.
 * @param needsStopHash whether the hash at its stop is the final one
 */
export async function runReplay(
  run: SliceRun,
  tools: DriverTools,
  ports: readonly number[],
  needsStopHash: boolean,
): Promise<Replayed> {
  let ending: Ending | null = null;
  let nodeos: ObservedNodeos | null = null;
  const end = (why: Ending): void => {
    ending ??= why;
    void nodeos?.stop();
  };
  const watch = watchIdle(tools.clock, run.limits, (stage, forMs) => end({ why: 'stalled', stage, forMs }));
  const reports = makeReports(run, () => end({ why: 'undeliverable' }));
  const onAbort = () => end({ why: 'interrupted' });
  run.signal.addEventListener('abort', onAbort, { once: true });
  const over = new AbortController();
  try {
    reports.stage('load');
    const tracker = makeTracker(run, reports, watch, end);
    const config = await writeConfig(run, 'replay', ports);
    run.signal.throwIfAborted();
    nodeos = await startObserved(run, tools, {
      args: replayArguments(run, config),
      logName: 'replay',
      onChange: (o) => tracker.line(o),
    });
    // Something may have happened while it was being started.
    if (ending !== null) void nodeos.stop();
    void pollHead(run, tools, ports[0]!, nodeos, over.signal, (block) => tracker.polled(block));
    const exit = await nodeos.exit;
    watch.stop();
    await Promise.race([reports.delivered(), aborted(run.signal, over.signal)]);
    return judge(run, nodeos.observation(), exit, ending, needsStopHash);
  } finally {
    over.abort();
    watch.stop();
    run.signal.removeEventListener('abort', onAbort);
    await nodeos?.stop();
  }
}

/** Turns what nodeos says into stages, progress and, when it can only fail, an early end. */
function makeTracker(
  run: SliceRun,
  reports: Reports,
  watch: ReturnType<typeof watchIdle>,
  end: (why: Ending) => void,
) {
  let stage: DrivenStage = 'load';
  let hashSeen = false;
  let marker = '';
  let polled = 0;
  const update = (o: Observation): void => {
    if (o.startHash !== null && !hashSeen) {
      hashSeen = true;
      // A hash of another block than ours would become the expected hash of a slice that ends at ours.
      if (o.snapshotHead?.block === run.startBlock) reports.startHash(o.startHash);
    }
    const next = stageOf(o);
    if (next !== stage) {
      stage = next;
      watch.enter(stage);
      reports.stage(stage);
    }
    const block = lastBlock(run, o, polled);
    const moved = `${o.stage} ${o.snapshotPercent} ${block}`;
    if (moved === marker) return;
    marker = moved;
    watch.moved();
    reports.progress({ block, snapshotPercent: o.snapshotPercent });
  };
  let last: Observation | null = null;
  return {
    line(o: Observation) {
      last = o;
      update(o);
      const failure = hopeless(run, o);
      if (failure !== null) end({ why: 'hopeless', failure });
    },
    polled(block: number) {
      polled = block;
      if (last !== null) update(last);
    },
  };
}

/** The last block of the slice that was replayed; null before the first, and never beyond the end. Pure. */
function lastBlock({ startBlock, endBlock }: SliceRun, o: Observation, polled: number): number | null {
  const block = Math.min(Math.max(o.currentBlock ?? 0, polled), endBlock);
  return block > startBlock ? block : null;
}

/** nodeos would wait for ever in these cases, for blocks that nobody is going to deliver. Pure. */
export function hopeless(run: SliceRun, o: Observation): AttemptFailure | null {
  if (o.snapshotHead !== null && o.snapshotHead.block !== run.startBlock) {
    return new AttemptFailure(
      'bad-job',
      `The snapshot is of block ${o.snapshotHead.block}, and the slice starts at ${run.startBlock}`,
      { hint: 'Correct snapshot_path or start_block_id of this slice.' },
    );
  }
  if (run.peers.length > 0) return null;
  const last = lastAvailable(o);
  if (last === null || last >= run.endBlock || o.reached !== null) return null;
  return new AttemptFailure(
    'blocks-log',
    `nodeos has blocks up to ${last} only, the slice ends at ${run.endBlock}, and there is no peer to deliver the rest`,
    { hint: 'Add the missing block files to blocks_path, or give the worker a --peer.' },
  );
}

/**
 * The last block that nodeos can get to without a peer; null while that is not known. That it has
 * started is not enough: one that was stopped during the replay says so too before it ends, but does
 * not open its API any more.
 */
function lastAvailable(o: Observation): number | null {
  if (o.startedHead !== null) return o.apiAddress === null ? null : o.startedHead;
  return o.replayFrom === null ? null : o.logLastBlock;
}

/** While nodeos syncs from peers its log tells the head only every 1000 blocks; its API always does. */
async function pollHead(
  run: SliceRun,
  tools: DriverTools,
  port: number,
  nodeos: ObservedNodeos,
  over: AbortSignal,
  onHead: (block: number) => void,
): Promise<void> {
  if (run.peers.length === 0) return;
  while (!over.aborted) {
    await pause(tools.clock, tools.pollMs, over);
    const o = nodeos.observation();
    if (over.aborted || o.startedHead === null || o.reached !== null) continue;
    // A question without an answer is no news: whether anything moves is seen by the watch.
    const info = await tools.getInfo({ port, timeoutMs: 5000, signal: over }).catch(() => null);
    if (info !== null) onHead(info.headBlock);
  }
}

function judge(
  run: SliceRun,
  observation: Observation,
  exit: ProcessExit,
  ending: Ending | null,
  needsStopHash: boolean,
): Replayed {
  if (ending?.why === 'hopeless') throw ending.failure;
  const facts: RunFacts = {
    observation,
    exit,
    product: run.product,
    startBlock: run.startBlock,
    endBlock: run.endBlock,
    fromGenesis: run.start.kind === 'genesis',
    endedByUs: endedByUs(ending),
    needsStopHash,
    ...(ending?.why === 'stalled' && { stalledStage: ending.stage, stalledForMs: ending.forMs }),
  };
  const conclusion = conclude(facts);
  if (!conclusion.ok) throw asAttemptFailure(conclusion);
  return { success: conclusion, observation };
}

function endedByUs(ending: Ending | null): RunFacts['endedByUs'] {
  if (ending === null) return null;
  // An undeliverable hash gets here only when the worker was told to stop meanwhile.
  return ending.why === 'stalled' ? 'stalled' : 'interrupted';
}

/** A judgement as the error that ends the attempt. Its message begins a sentence. */
export function asAttemptFailure({ cause, message, hint }: Failure): AttemptFailure {
  const sentence = message.startsWith('nodeos')
    ? message
    : message.charAt(0).toUpperCase() + message.slice(1);
  return new AttemptFailure(cause, sentence, hint === null ? {} : { hint });
}

/** @param over ends the waiting for good, so that nothing stays registered on a signal that lives long */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
}
