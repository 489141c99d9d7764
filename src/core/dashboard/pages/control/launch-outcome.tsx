import type { FleetUpAnswer } from '../../../protocol/fleet-record.ts';
import { hostsOf } from '../../parts/hosts-of.ts';
import { Shortfalls } from '../../parts/shortfalls.tsx';
import { Time } from '../../parts/time.tsx';

/** A launch that was answered, and when. */
export interface Launched {
  asked: number;
  at: Date;
  answer: FleetUpAnswer;
}

/** `2 hosts of 5 launched.` */
export function launchedWords({ asked, answer }: Launched): string {
  return `${hostsOf(answer.started.length)} of ${asked} launched.`;
}

/**
 * Why it was less than was asked for. It stays until the next launch: what was missing is not read in the few seconds
 * of a message.
 */
export function LaunchOutcome({ launched }: { launched: Launched }) {
  const { asked, at, answer } = launched;
  const { shortfalls, notes, started } = answer;
  if (started.length >= asked) return null;
  return (
    <div class="launch-outcome">
      <p>
        <Time at={at} seconds />: <b>{launchedWords(launched)}</b>
        {shortfalls.length > 0 && ' The rest could not be had:'}
      </p>
      {notes.map((note) => (
        <p key={note}>Not more, because {note}.</p>
      ))}
      <Shortfalls shortfalls={shortfalls} />
    </div>
  );
}
