import type { PausedRecord } from '../../protocol/summary-record.ts';
import { Time } from './time.tsx';

/** Since when no job is handed out, who wanted that, and why. */
export function PauseWords({ paused: { since, by, reason } }: { paused: PausedRecord }) {
  return (
    <>
      <strong>Paused</strong> since <Time at={since} />
      {by !== null && <> by {by}</>}
      {reason !== null && <>: “{reason}”</>}. No job is handed out.
    </>
  );
}
