import type { RunChange } from '../../protocol/events/run-mirror.ts';

/** Shows a run while it changes. */
export interface WatchView {
  show(change: RunChange): void;
  /** Leaves the terminal as it was. */
  close(): void;
}
