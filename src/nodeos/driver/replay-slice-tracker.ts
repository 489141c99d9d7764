import { AttemptFailure } from '../../core/domain/attempt-failure.ts';
import type { Observation } from '../log/observation.ts';
import type { ObservedNodeos } from './replay-slice-observed.ts';
import { stageOf } from './replay-slice-reports.ts';
import type { Reports } from './replay-slice-reports.ts';
import { pause } from './replay-slice-tools.ts';
import type { DriverTools } from './replay-slice-tools.ts';
import type { DrivenStage, SliceRun } from './replay-slice-types.ts';
import type { IdleWatch } from './replay-slice-watch.ts';

export interface Tracker {
  /** A line has changed the observation. */
  line(o: Observation): void;
  /** The API has told the head. */
  polled(block: number): void;
}

/**
 * Turns what nodeos says into stages and progress.
 * @param onHopeless called when the run can only fail, and would wait for ever
 */
export function makeTracker(
  run: SliceRun,
  reports: Reports,
  watch: IdleWatch,
  onHopeless: (failure: AttemptFailure) => void,
): Tracker {
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
      if (failure !== null) onHopeless(failure);
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
function hopeless(run: SliceRun, o: Observation): AttemptFailure | null {
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
export async function pollHead(
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
