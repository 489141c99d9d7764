import { useMemo } from 'preact/hooks';
import type { JobRow } from '../../../protocol/job-row.ts';
import { usePacedChanges } from '../../data/paced.ts';
import { isLoaded, jobIds, jobSignal } from '../../data/store.ts';
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
  const shown = useMemo(
    () =>
      sortJobs(all.filter(filter.matches), order, Math.floor(Date.now() / 1000)).map(({ job_id }) => job_id),
    [all, filter, order],
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
