import type { Signal } from '@preact/signals';
import { formatCount } from '../../../format/count.ts';
import { formatDuration } from '../../../format/duration.ts';
import { parseUtc } from '../../../domain/time.ts';
import type { RunRecord } from '../../../protocol/run-record.ts';
import { Time } from '../../parts/time.tsx';
import { runOutcome } from './outcome.ts';
import { ReportLinks } from './report-links.tsx';

interface RunTableProps {
  runs: readonly RunRecord[];
  /** The two runs that are chosen. */
  a: Signal<number | null>;
  b: Signal<number | null>;
}

export function RunTable({ runs, a, b }: RunTableProps) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Runs">
      <table class="runs">
        <caption class="visually-hidden">Runs, the newest first</caption>
        <thead>
          <tr>
            {runs.length > 1 && (
              <>
                <th scope="col">A</th>
                <th scope="col">B</th>
              </>
            )}
            <th scope="col">Run</th>
            <th scope="col">Result</th>
            <th scope="col" class="number">
              Succeeded
            </th>
            <th scope="col" class="number">
              Failed
            </th>
            <th scope="col" class="number">
              Remaining
            </th>
            <th scope="col">Blocks</th>
            <th scope="col">nodeos</th>
            <th scope="col">Began</th>
            <th scope="col">Lasted</th>
            <th scope="col">Report</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.run_id} class={run.is_current ? 'current' : undefined}>
              {runs.length > 1 && (
                <>
                  <Pick name="a" chosen={a} run={run} />
                  <Pick name="b" chosen={b} run={run} />
                </>
              )}
              <RunCells run={run} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Pick({
  name,
  chosen,
  run: { run_id, total_jobs },
}: {
  name: 'a' | 'b';
  chosen: Signal<number | null>;
  run: RunRecord;
}) {
  return (
    <td>
      <input
        type="radio"
        name={name}
        aria-label={`Run ${run_id} as ${name.toUpperCase()}`}
        checked={chosen.value === run_id}
        disabled={total_jobs === null}
        onChange={() => {
          chosen.value = run_id;
        }}
      />
    </td>
  );
}

function RunCells({ run }: { run: RunRecord }) {
  const { run_id, is_current, stand_in, damage, requested_versions, nodeos_versions, began_at } = run;
  const outcome = runOutcome(run);
  return (
    <>
      <th scope="row">
        {run_id}
        {is_current && <span class="more">current</span>}
      </th>
      <td>
        {outcome === null ? 'damaged' : <strong class={`tone-${outcome.tone}`}>{outcome.outcome}</strong>}
        {stand_in === true && <span class="more tone-warn">rehearsal: proves nothing</span>}
        {damage.map((what) => (
          <span class="more tone-bad wrap">{what}</span>
        ))}
      </td>
      <td class="number">{count(run.jobs_succeeded)}</td>
      <td class={run.jobs_failed ? 'number tone-bad' : 'number'}>{count(run.jobs_failed)}</td>
      <td class="number">{count(run.jobs_remaining)}</td>
      <td>
        {shareOf(run)}
        <span class="more">{run.total_blocks === null ? '' : `of ${formatCount(run.total_blocks)}`}</span>
      </td>
      <td class="wrap">
        {requested_versions.join(', ')}
        <span class="more">{nodeos_versions.length === 0 ? '' : `said ${nodeos_versions.join(', ')}`}</span>
      </td>
      <td>{began_at === null ? <span class="unknown">–</span> : <Time at={began_at} day />}</td>
      <td>{lasted(run)}</td>
      <td>{run.total_jobs !== null && <ReportLinks runId={run_id} />}</td>
    </>
  );
}

function count(number: number | null): string {
  return number === null ? '–' : formatCount(number);
}

function shareOf({ blocks_processed: done, total_blocks: all }: RunRecord): string {
  if (done === null || all === null || all === 0) return '–';
  return `${(Math.floor((1000 * done) / all) / 10).toFixed(1)} %`;
}

function lasted({ began_at, ended_at, is_running }: RunRecord): string {
  if (is_running === true) return 'not ended';
  if (began_at === null || ended_at === null) return '–';
  const [from, to] = [parseUtc(began_at), parseUtc(ended_at)];
  return from === null || to === null ? '–' : formatDuration(to.getTime() - from.getTime());
}
