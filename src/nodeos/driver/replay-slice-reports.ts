import type { Observation } from '../log/observation.ts';
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
  let reported = -1;
  let latest: SliceProgress = { block: null, snapshotPercent: null };
  let passedOn = latest;
  let waiting = 0;
  let queue: Promise<void> = Promise.resolve();
  // What is held back while the start hash is on its way is overtaken by what comes later.
  const passOn = (): void => {
    if (waiting > 0 || isSame(latest, passedOn)) return;
    passedOn = latest;
    run.onProgress(latest);
  };
  const enqueue = (step: () => Promise<void> | void): void => {
    waiting += 1;
    queue = queue.then(async () => {
      await step();
      waiting -= 1;
      passOn();
    });
    queue.catch(onFailure);
  };
  return {
    stage(stage) {
      const upTo = ORDER.indexOf(stage);
      for (const next of ORDER.slice(reported + 1, upTo + 1)) enqueue(() => run.onStage(next));
      reported = Math.max(reported, upTo);
    },
    startHash: (hash) => enqueue(() => run.onStartHash(hash)),
    progress(progress) {
      latest = progress;
      passOn();
    },
    delivered: () => queue,
  };
}

function isSame(a: SliceProgress, b: SliceProgress): boolean {
  return a.block === b.block && a.snapshotPercent === b.snapshotPercent;
}
