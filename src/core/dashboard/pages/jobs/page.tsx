import { useMemo, useRef } from 'preact/hooks';
import type { JobRow } from '../../../protocol/job-row.ts';
import { usePacedChanges } from '../../data/paced.ts';
import { isLoaded, jobIds, jobSignal } from '../../data/store.ts';
import { now } from '../../parts/now.ts';
import { query } from '../../routing/router.ts';
import { readOrder, sortJobs } from './columns.ts';
import { readFilter } from './filter.ts';
import { Filters } from './filters.tsx';
import { JobsTable } from './table.tsx';

/** All slices of the run: a table that can be searched, narrowed and sorted. */
export function JobsPage() {
  const version = usePacedChanges();
  const asked = query.value;
  const filter = useMemo(() => readFilter(asked), [asked]);
  const order = useMemo(() => readOrder(asked), [asked]);
  const all = useMemo(() => allJobs(), [version]);
  const shown = useSame(
    useMemo(() => {
      return sortJobs(all.filter(filter.matches), order, now.peek()).map(({ job_id }) => job_id);
    }, [all, filter, order]),
  );
  return (
    <>
      <h1 class="visually-hidden">Jobs</h1>
      {isLoaded.value ? (
        <>
          <Filters all={all} filter={filter} order={order} shown={shown.length} />
          <JobsTable shown={shown} order={order} isNarrow={filter.isNarrow} />
        </>
      ) : (
        <p class="loading">Reading the run…</p>
      )}
    </>
  );
}

/** As they are now; whoever shows one of them has to listen to it. */
function allJobs(): JobRow[] {
  return jobIds.peek().flatMap((id) => jobSignal(id)?.peek() ?? []);
}

/** The list from before, as long as the new one is the same: then nothing is drawn. */
function useSame(list: readonly number[]): readonly number[] {
  const kept = useRef(list);
  const isSame = kept.current.length === list.length && kept.current.every((id, at) => id === list[at]);
  if (!isSame) kept.current = list;
  return kept.current;
}
