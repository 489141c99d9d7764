import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ComparisonRecord } from '../../../protocol/comparison-record.ts';
import { getJson } from '../../data/api.ts';
import { summary } from '../../data/store.ts';
import { wordsOf } from '../../parts/action.tsx';
import { query } from '../../routing/router.ts';
import { ComparedSlices } from './compared-slices.tsx';
import { ComparisonFigures } from './comparison-figures.tsx';

/** No more often than this is a comparison with the run at work made anew. Milliseconds. */
const AGAIN_MS = 5000;

/** Two runs side by side: what differs first. */
export function ComparePage() {
  const [a, b] = [query.value.get('a') ?? '', query.value.get('b') ?? ''];
  const compared = useSignal<ComparisonRecord | null>(null);
  const problem = useSignal<string | null>(null);
  const ended = endedJobs([a, b]);
  const readAt = useRef(-Infinity);
  useEffect(() => {
    const over = new AbortController();
    const read = (): void => {
      getJson<ComparisonRecord>(`/runs/compare?${new URLSearchParams({ a, b })}`, {
        signal: over.signal,
      }).then(
        (comparison) => {
          readAt.current = performance.now();
          compared.value = comparison;
          problem.value = null;
        },
        (error: unknown) => {
          if (!over.signal.aborted) problem.value = wordsOf(error);
        },
      );
    };
    const timer = setTimeout(read, Math.max(0, readAt.current + AGAIN_MS - performance.now()));
    return () => {
      clearTimeout(timer);
      over.abort();
    };
  }, [a, b, ended]);
  return (
    <>
      <h1>
        Run {a} and run {b}
      </h1>
      <p>
        <a href="/runs">All runs</a>
      </p>
      {problem.value !== null && <p class="problem">{problem.value}</p>}
      {compared.value === null ? (
        problem.value === null && <p class="loading">Comparing…</p>
      ) : (
        <>
          <ComparisonFigures comparison={compared.value} />
          <ComparedSlices comparison={compared.value} />
        </>
      )}
    </>
  );
}

/** How many jobs of the current run have ended, if it is one of the two: then there is something new. */
function endedJobs(runs: readonly string[]): number | null {
  const now = summary.value;
  if (now === null || !runs.includes(String(now.run_id))) return null;
  return now.statuses.COMPLETE + now.jobs_failed;
}
