import type { AutoscaleRecord } from '../../protocol/fleet-record.ts';
import { Ago } from './ago.tsx';
import { hostsOf } from './hosts-of.ts';
import { Shortfalls } from './shortfalls.tsx';
import { Time } from './time.tsx';

/** What the orchestrator does by itself about the fleet, and why it does not do more. */
export function Autoscale({ now }: { now: AutoscaleRecord }) {
  const { looked_at: at, paused, notes, shortfalls, next_launch_at: next, error } = now;
  return (
    <div class="autoscale">
      <p>
        <b>The orchestrator looks after the fleet by itself.</b>{' '}
        {at === null ? (
          'It has not looked at it yet.'
        ) : (
          <>
            It {doneBy(now)} when it looked, <Ago at={at} />.
          </>
        )}
        {paused && ' While the run is paused it launches and stops nothing.'}
      </p>
      {error !== null && <p class="problem">It cannot go on for now: {error}</p>}
      {notes.map((note) => (
        <p key={note}>There are fewer hosts than open jobs could use: {note}.</p>
      ))}
      {next !== null && (
        <div>
          <p>
            Its last launch got less than it asked for. It asks again after <Time at={next} seconds />.
          </p>
          <Shortfalls shortfalls={shortfalls} />
        </div>
      )}
    </div>
  );
}

/** `launched 3 hosts and stopped 1 host` */
function doneBy({ launched, stopped }: AutoscaleRecord): string {
  const deeds = [
    ...(launched > 0 ? [`launched ${hostsOf(launched)}`] : []),
    ...(stopped > 0 ? [`stopped ${hostsOf(stopped)}`] : []),
  ];
  return deeds.length === 0 ? 'launched and stopped none' : deeds.join(' and ');
}
