import type { Clock } from './replay-slice-tools.ts';
import type { DrivenStage } from './replay-slice-types.ts';

export interface IdleWatch {
  /** A new stage: the time starts again, with the limit of that stage. */
  enter(stage: DrivenStage): void;
  /** Something moved: the time starts again, but in the stage `hash`, whose limit is for the whole of it. */
  moved(): void;
  stop(): void;
}

export interface StageLimits {
  readonly loadMs: number;
  readonly replayStallMs: number;
  readonly hashMs: number;
}

/**
 * Calls `onStall` once when nothing has moved for as long as the stage allows. nodeos often waits for
 * ever, alive and silent or repeating itself, so only progress counts, and not that it prints lines.
 */
export function watchIdle(
  clock: Clock,
  limits: StageLimits,
  onStall: (stage: DrivenStage, forMs: number) => void,
): IdleWatch {
  const limitOf = { load: limits.loadMs, replay: limits.replayStallMs, hash: limits.hashMs };
  let stage: DrivenStage = 'load';
  let since = clock.now();
  let cancel: () => void = () => undefined;
  // One timer is left to run out and set again for what remains: progress comes too often to set it anew.
  const wait = (ms: number): void => {
    cancel = clock.after(ms, () => {
      const idle = clock.now() - since;
      const left = limitOf[stage] - idle;
      if (left > 0) wait(left);
      else onStall(stage, idle);
    });
  };
  const restart = (): void => {
    since = clock.now();
  };
  wait(limitOf[stage]);
  return {
    enter(next) {
      stage = next;
      restart();
      cancel();
      wait(limitOf[stage]);
    },
    moved() {
      if (stage !== 'hash') restart();
    },
    stop: () => cancel(),
  };
}
