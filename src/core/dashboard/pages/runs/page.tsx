import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RunRecord } from '../../../protocol/run-record.ts';
import { getJson } from '../../data/api.ts';
import { summary } from '../../data/store.ts';
import { wordsOf } from '../../parts/action.tsx';
import { go } from '../../routing/router.ts';
import { RunTable } from './table.tsx';

/** All runs that are kept, the newest first, and which two of them to put side by side. */
export function RunsPage() {
  const runs = useSignal<readonly RunRecord[] | null>(null);
  const problem = useSignal<string | null>(null);
  const now = summary.value;
  // What is told of past runs does not change; the list does with every run that begins.
  const current = now?.run_id;
  useEffect(() => {
    const over = new AbortController();
    getJson<RunRecord[]>('/runs', { signal: over.signal }).then(
      (list) => {
        runs.value = list.toReversed();
        problem.value = null;
      },
      (error: unknown) => {
        if (!over.signal.aborted) problem.value = wordsOf(error);
      },
    );
    return () => over.abort();
  }, [current]);
  const list = runs.value?.map((run) =>
    run.is_current && now?.run_id === run.run_id ? { ...run, ...now } : run,
  );
  return (
    <>
      <h1 class="visually-hidden">Runs</h1>
      {problem.value !== null && <p class="problem">{problem.value}</p>}
      {list === undefined ? (
        problem.value === null && <p class="loading">Reading the runs…</p>
      ) : (
        <Runs runs={list} />
      )}
    </>
  );
}

function Runs({ runs }: { runs: readonly RunRecord[] }) {
  const [newest, before] = runs;
  const a = useSignal(before?.run_id ?? null);
  const b = useSignal(newest?.run_id ?? null);
  if (newest === undefined) return <p class="empty">There are no runs yet.</p>;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        go(`/runs/compare?a=${a.value}&b=${b.value}`);
      }}
    >
      <RunTable runs={runs} a={a} b={b} />
      {runs.length > 1 && (
        <p class="compare-chosen">
          <button
            type="submit"
            class="primary"
            disabled={a.value === null || b.value === null || a.value === b.value}
          >
            Compare run {a.value} with run {b.value}
          </button>
          {a.value === b.value && <span> Choose two different runs as A and B.</span>}
        </p>
      )}
    </form>
  );
}
