import { STAGES } from '../domain/job.ts';
import type { Stage, StageTimes } from '../domain/job.ts';

/** How long each stage has taken so far. Installing and fetching run side by side, each on its own time. */
export interface Stopwatch {
  begin(stage: Stage): void;
  end(stage: Stage): void;
  /** Milliseconds for each stage that was reached; a running one up to now. */
  times(): StageTimes;
  /** What is running; of two, the later in the order of the stages. null when nothing is. */
  current(): Stage | null;
}

export function createStopwatch(now: () => number): Stopwatch {
  const begun = new Map<Stage, number>();
  const ended = new Map<Stage, number>();
  return {
    begin(stage) {
      if (!begun.has(stage)) begun.set(stage, now());
    },
    end(stage) {
      if (begun.has(stage) && !ended.has(stage)) ended.set(stage, now());
    },
    times() {
      const times: StageTimes = {};
      for (const [stage, from] of begun) times[stage] = (ended.get(stage) ?? now()) - from;
      return times;
    },
    current() {
      return STAGES.findLast((stage) => begun.has(stage) && !ended.has(stage)) ?? null;
    },
  };
}
