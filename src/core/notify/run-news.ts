/**
 * Which state of the run as a whole is told. The number of attempts of the whole run grows with every claim
 * and never shrinks: it tells one end of the run from the next, and one time without hosts from the next.
 */
import type { RunOutcome } from '../domain/outcome.ts';

export interface RunState {
  /** Attempts at all jobs. */
  readonly attempts: number;
  /** Jobs that wait or are held. */
  readonly open: number;
  /** Jobs that are held. */
  readonly held: number;
}

/** What was last told of the run's end. */
export interface EndTold {
  readonly attempts: number;
  /** A late hash may change it without another attempt: that is another end. */
  readonly outcome: RunOutcome;
}

/** What was last told of a time in which jobs waited and no host worked. */
export interface QuietTold {
  readonly attempts: number;
  readonly over: boolean;
}

/** Whether the run is at its end: no job waits or is held. */
export function isEnded({ attempts, open }: RunState): boolean {
  return open === 0 && attempts > 0;
}

export function endNews(state: RunState, outcome: RunOutcome, told: EndTold | null): EndTold | null {
  if (!isEnded(state)) return null;
  const { attempts } = state;
  return told?.attempts === attempts && told.outcome === outcome ? null : { attempts, outcome };
}

export function endId({ attempts, outcome }: EndTold): string {
  return `ended/after ${attempts} attempts/${outcome}`;
}

/** Jobs wait, and nobody holds one. */
export function isQuiet({ open, held }: RunState): boolean {
  return open > 0 && held === 0;
}

/** @param tooLong it has been quiet for longer than is waited for */
export function quietNews(state: RunState, tooLong: boolean, told: QuietTold | null): QuietTold | null {
  const { attempts } = state;
  if (told !== null && !told.over && attempts > told.attempts) return { ...told, over: true };
  if (!tooLong || !isQuiet(state) || told?.attempts === attempts) return null;
  return { attempts, over: false };
}

export function quietId({ attempts, over }: QuietTold): string {
  return `${over ? 'hosts-back' : 'no-host-at-work'}/after ${attempts} attempts`;
}
