import { useSignal } from '@preact/signals';
import { formatCount } from '../../../format/count.ts';
import type { SummaryRecord } from '../../../protocol/summary-record.ts';
import { send } from '../../data/api.ts';
import { summary } from '../../data/store.ts';
import { Action } from '../../parts/action.tsx';
import { PauseWords } from '../../parts/pause-words.tsx';

/** Stops the handing out of jobs, and begins it again. To ask twice does no harm. */
export function PauseSection() {
  const reason = useSignal('');
  const asked = useSignal<Pick<SummaryRecord, 'paused'> | null>(null);
  const now = summary.value;
  if (now === null) return null;
  const { host_count } = now;
  // While somebody reads the question it does not become the opposite one. The button stays the same, for the focus.
  const paused = asked.value === null ? now.paused : asked.value.paused;
  const opened = {
    onOpen: () => (asked.value = { paused: now.paused }),
    onClose: () => (asked.value = null),
  };
  const held = host_count === 1 ? '1 host is' : `${formatCount(host_count)} hosts are`;
  const pause = async (): Promise<string> => {
    await send('/run/pause', {
      method: 'POST',
      body: reason.value.trim() === '' ? {} : { reason: reason.value },
    });
    return 'The run is paused: no job is handed out.';
  };
  const resume = async (): Promise<string> => {
    await send('/run/resume', { method: 'POST' });
    return 'The run goes on: jobs are handed out again.';
  };
  return (
    <section class="card control" aria-labelledby="pause-title">
      <h2 id="pause-title">Hand out jobs</h2>
      {paused === null ? (
        <>
          <p>Hosts that ask get jobs; {held} at work.</p>
          <Action label="Pause" title={`Pause run ${now.run_id}?`} confirm="Pause" run={pause} {...opened}>
            <p>
              No job is handed out until somebody resumes the run, also over restarts of the orchestrator.
            </p>
            <p>{held} at work on jobs now: these go on to their end.</p>
            <label class="field">
              Reason, for others (may be left out)
              <input
                maxLength={500}
                value={reason.value}
                onInput={(event) => {
                  reason.value = event.currentTarget.value;
                }}
              />
            </label>
          </Action>
        </>
      ) : (
        <>
          <p>
            <PauseWords paused={paused} /> {held} at work still.
          </p>
          <Action
            label="Resume"
            title={`Resume run ${now.run_id}?`}
            confirm="Resume"
            run={resume}
            {...opened}
          >
            <p>Hosts that ask get jobs again, as soon as they do.</p>
          </Action>
        </>
      )}
    </section>
  );
}
