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
