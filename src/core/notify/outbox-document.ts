import type { Document } from '../store/collection.ts';
import type { Notification } from './notification.ts';

/** What was told of one subject, and what of that is still to be sent. Its `_id` names run and subject. */
export type OutboxDocument = Document & {
  run: number;
  told: object;
  waiting: readonly Waiting[];
};

export interface Waiting {
  readonly notification: Notification;
  /** Keys of the targets that do not have it yet. */
  readonly targets: readonly string[];
}

/** The subject of a run's document that says who is told. */
export const RUN_SUBJECT = 'run';

export interface RunTold {
  /** Keys. */
  readonly targets: readonly string[];
}

/**
 * What has to be kept at a start: what was told of the run, and what still waits for somebody. What waits
 * for a target that is not given any more goes to those that are given for the first time: most likely the
 * URL was replaced because it had stopped to work. When there are none, it is dropped.
 */
export function stillNeeded(
  documents: readonly OutboxDocument[],
  runId: number,
  targets: readonly string[],
): OutboxDocument[] {
  const before = new Set(documents.flatMap(({ told }) => (told as Partial<RunTold>).targets ?? []));
  const added = targets.filter((target) => !before.has(target));
  return documents.flatMap((document) => {
    const waiting = document.waiting.flatMap((one) => readdressed(one, targets, added));
    const same = waiting.every((one, at) => one === document.waiting[at]);
    const next = same && waiting.length === document.waiting.length ? document : { ...document, waiting };
    return next.run === runId || waiting.length > 0 ? [next] : [];
  });
}

function readdressed(one: Waiting, given: readonly string[], added: readonly string[]): Waiting[] {
  const left = one.targets.filter((target) => given.includes(target));
  if (left.length === one.targets.length) return [one];
  const targets = [...new Set([...left, ...added])];
  return targets.length === 0 ? [] : [{ ...one, targets }];
}
