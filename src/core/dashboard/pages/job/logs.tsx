import { useState } from 'preact/hooks';
import type { FullJobRecord } from '../../../protocol/full-record.ts';
import { LogView } from './log-view.tsx';

/** The log of the last attempt; of another one, when it is asked for. */
export function AttemptLogs({ job }: { job: FullJobRecord }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const { attempts, job_id: jobId } = job;
  const shown = attempts.find(({ number }) => number === chosen) ?? attempts.at(-1);
  if (shown === undefined) return null;
  return (
    <section class="card log" aria-labelledby="log-title">
      <div class="log-head">
        <h2 id="log-title">Log of nodeos</h2>
        {attempts.length > 1 && (
          <label>
            <span class="visually-hidden">Attempt</span>
            <select value={shown.number} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
              {attempts.toReversed().map(({ number, worker_id: host }) => (
                <option value={number}>
                  attempt {number}
                  {host === null ? '' : ` on ${host}`}
                </option>
              ))}
            </select>
          </label>
        )}
        <a href={`/job/log?jobid=${jobId}&attempt=${shown.number}`} data-server>
          As text
        </a>
      </div>
      <LogView key={`${jobId} ${shown.number}`} jobId={jobId} attempt={shown.number} />
    </section>
  );
}
