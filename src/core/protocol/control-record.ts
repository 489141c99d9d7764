import type { PausedRecord } from './summary-record.ts';

/** POST /run/pause and POST /run/resume: how it is now, whoever saw to that. */
export interface PauseAnswer {
  run_id: number;
  paused: PausedRecord | null;
}
