import type { Observation } from './observation.ts';
import type { DrivenStage, SliceProgress, SliceRun } from './replay-slice-types.ts';

const ORDER: readonly DrivenStage[] = ['load', 'replay', 'hash'];

/** The stage that a replay is in by what nodeos has said. Pure. */
export function stageOf(o: Observation): DrivenStage {
  if (o.reached !== null) return 'hash';
  // Without a start hash the stage still moves on: that it is missing is found at the end.
  if (o.startHash !== null || o.replayFrom !== null || o.startedHead !== null) return 'replay';
  return 'load';
}

/** Passes on what happens, in order, and waits for the start hash to be delivered before the stage after it. */
export interface Reports {
  stage(stage: DrivenStage): void;
  startHash(hash: string): void;
  progress(progress: SliceProgress): void;
  /** Resolves when all is delivered; rejects with what `onStartHash` threw. */
  delivered(): Promise<void>;
}

/** @param onFailure called when `onStartHash` throws: there is no sense in going on then */
export function makeReports(run: SliceRun, onFailure: () => void): Reports {
  let reported: DrivenStage | null = null;
  let latest: SliceProgress = { block: null, snapshotPercent: null };
  let waiting = 0;
  let queue: Promise<void> = Promise.resolve();
  const enqueue = (step: () => Promise<void> | void): void => {
    waiting += 1;
    queue = queue.then(async () => {
      await step();
      waiting -= 1;
      if (waiting === 0) run.onProgress(latest);
    });
    queue.catch(onFailure);
  };
  return {
    stage(stage) {
      for (const next of ORDER.slice(
        reported === null ? 0 : ORDER.indexOf(reported) + 1,
        ORDER.indexOf(stage) + 1,
      )) {
        reported = next;
        enqueue(() => run.onStage(next));
      }
    },
    startHash: (hash) => enqueue(() => run.onStartHash(hash)),
    progress(progress) {
      if (progress.block === latest.block && progress.snapshotPercent === latest.snapshotPercent) return;
      latest = progress;
      // What is held back while the start hash is on its way is overtaken by what comes later.
      if (waiting === 0) run.onProgress(latest);
    },
    delivered: () => queue,
  };
}
