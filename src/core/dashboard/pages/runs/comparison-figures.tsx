import { formatCount } from '../../../format/count.ts';
import { formatDuration } from '../../../format/duration.ts';
import type { ComparedRunRecord, ComparisonRecord } from '../../../protocol/comparison-record.ts';
import { Time } from '../../parts/time.tsx';

const RESULTS: Record<ComparisonRecord['outcome'], [words: string, tone: string]> = {
  same: ['THE SAME', 'good'],
  different: ['DIFFERENT', 'bad'],
  unknown: ['CANNOT BE TOLD YET', 'warn'],
};

/** What the comparison comes to, and the two runs. */
export function ComparisonFigures({ comparison }: { comparison: ComparisonRecord }) {
  const { outcome, a, b, totals, speed } = comparison;
  const [words, tone] = RESULTS[outcome];
  const both = totals.slices - totals.only_in_a - totals.only_in_b;
  const counts: [name: string, count: number, isBad: boolean][] = [
    ['equal', totals.equal, false],
    ['hash differs', totals.hash_differs, true],
    ['verdict differs', totals.verdict_differs, true],
    ['cannot be told', totals.unknown, false],
    ['only in A', totals.only_in_a, false],
    ['only in B', totals.only_in_b, false],
  ];
  return (
    <section class="comparison card" aria-label="Result">
      <p>
        <strong class={`outcome tone-${tone}`}>{both === 0 ? 'NOTHING TO COMPARE' : words}</strong>{' '}
        {formatCount(both)} slices are in both runs.
      </p>
      <ul class="comparison-counts">
        {counts.map(([name, count, isBad]) => (
          <li key={name} class={count === 0 ? 'none' : undefined}>
            <b class={isBad && count > 0 ? 'tone-bad' : undefined}>{formatCount(count)}</b> {name}
          </li>
        ))}
      </ul>
      <p>
        {speed.finished_slices === 0
          ? 'No slice was replayed to its end in both.'
          : `The ${formatCount(speed.finished_slices)} slices that both finished took ${formatDuration(speed.duration_ms_a)} in A and ${formatDuration(speed.duration_ms_b)} in B.`}
        {speed.median_ratio !== null &&
          ` While replaying, B was ${speed.median_ratio.toFixed(2)} times as fast as A (median).`}
      </p>
      <div class="sides">
        <Side name="A" run={a} />
        <Side name="B" run={b} />
      </div>
    </section>
  );
}

function Side({ name, run }: { name: string; run: ComparedRunRecord }) {
  return (
    <section aria-label={`${name}: run ${run.run_id}`}>
      <h2>
        {name}: run {run.run_id}
      </h2>
      {run.stand_in && <p class="tone-warn">Rehearsal: its results prove nothing about any build.</p>}
      {run.damage.map((what) => (
        <p class="tone-bad">{what}</p>
      ))}
      <dl class="facts">
        <div>
          <dt>Asked for</dt>
          <dd>{run.requested_versions.join(', ') || '–'}</dd>
        </div>
        <div>
          <dt>nodeos said</dt>
          <dd>{run.nodeos_versions.join(', ') || '–'}</dd>
        </div>
        <div>
          <dt>Jobs</dt>
          <dd>
            {formatCount(run.jobs_succeeded)} succeeded, {formatCount(run.jobs_failed)} failed,{' '}
            {formatCount(run.jobs_remaining)} remain
          </dd>
        </div>
        <div>
          <dt>Began, ended</dt>
          <dd>
            <Time at={run.began_at} day />,{' '}
            {run.ended_at === null ? 'not ended' : <Time at={run.ended_at} day />}
          </dd>
        </div>
      </dl>
    </section>
  );
}
