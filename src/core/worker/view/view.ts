/** The parts of an attempt as a person sees them; fetching is shown for the two downloads apart. */
export const STEPS = ['install', 'snapshot', 'blocks', 'load', 'replay', 'hash'] as const;
export type Step = (typeof STEPS)[number];

/** How far a step is. */
export type StepProgress =
  | { kind: 'bytes'; done: number; total: number | null; perSecond: number | null }
  | { kind: 'percent'; percent: number }
  | {
      kind: 'blocks';
      block: number;
      startBlock: number;
      endBlock: number;
      perSecond: number | null;
      leftMs: number | null;
    };

export interface JobTitle {
  jobId: number;
  startBlock: number;
  endBlock: number;
  /** From 1. */
  attempt: number;
}

/** How an attempt ended, for people. */
export type JobEnd =
  | { kind: 'complete'; hash: string; standIn: boolean }
  | { kind: 'error'; cause: string; message: string }
  | { kind: 'given-back' }
  | { kind: 'dropped'; reason: string };

/** What `work` shows while it runs. Nothing in it decides anything. */
export interface View {
  /** Something that is not about a step of the job: waiting, an orchestrator that does not answer. */
  notice(text: string): void;
  jobBegins(title: JobTitle): void;
  stepBegins(step: Step): void;
  stepProgress(step: Step, progress: StepProgress): void;
  /** `remark` says what came of it: `12.1 GiB`, `nodeos v1.2.2`. */
  stepEnds(step: Step, remark?: string): void;
  jobEnds(title: JobTitle, end: JobEnd, durationMs: number): void;
  /** Leaves the terminal as it should be. Nothing is shown after it. */
  close(): Promise<void>;
}

/** Shows nothing. */
export const silentView: View = {
  notice: () => {},
  jobBegins: () => {},
  stepBegins: () => {},
  stepProgress: () => {},
  stepEnds: () => {},
  jobEnds: () => {},
  close: () => Promise.resolve(),
};
