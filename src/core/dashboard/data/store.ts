import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { FullJobRecord } from '../../protocol/full-record.ts';
import { rowOf, toJobRow, type JobRow, type JobTable } from '../../protocol/job-row.ts';
import type { SessionRecord } from '../../protocol/session-record.ts';
import type { SummaryRecord } from '../../protocol/summary-record.ts';
import { hasFailed } from '../../domain/transition.ts';

/**
 * What the pages know of the run. Each job is a signal of its own: what shows one job is drawn anew when
 * that job changes, and nothing else is.
 */
const jobs = new Map<number, Signal<JobRow>>();

const ids = signal<readonly number[]>([]);
const failed = signal<ReadonlySet<number>>(new Set());

/** All jobs in the order of the manifest; changes only when another list was loaded. */
export const jobIds: ReadonlySignal<readonly number[]> = ids;

/** The jobs in ERROR, TIMEOUT or HASH_MISMATCH, in the order of the manifest. */
export const failedIds: ReadonlySignal<readonly number[]> = computed(() =>
  [...failed.value].toSorted((a, b) => a - b),
);

/** null until it was told. */
export const summary = signal<SummaryRecord | null>(null);

/** Who looks, and what they may do; null until it was told. */
export const session = signal<SessionRecord | null>(null);

/** Whether actions are shown. The server decides again, whatever is shown. */
export const isAdmin: ReadonlySignal<boolean> = computed(
  () => session.value?.rights.includes('admin') ?? false,
);

/** Whether there is something to show. */
export const isLoaded = signal(false);

/** One job; undefined when the run has no such job. */
export function jobSignal(jobId: number): ReadonlySignal<JobRow> | undefined {
  return jobs.get(jobId);
}

/**
 * Calls back with the whole record of every job that changes; returns how to end that.
 * @public
 */
export function onJobChange(listener: (record: FullJobRecord) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
const listeners = new Set<(record: FullJobRecord) => void>();

/** Takes over a whole list: at the start, and when too much was missed. */
export function loadJobs({ columns, rows }: JobTable): void {
  batch(() => {
    const old = new Set(jobs.keys());
    const order: number[] = [];
    for (const values of rows) {
      const row = rowOf(columns, values);
      order.push(row.job_id);
      old.delete(row.job_id);
      put(row);
    }
    for (const jobId of old) jobs.delete(jobId);
    if (order.length !== ids.value.length || order.some((id, at) => id !== ids.value[at])) ids.value = order;
    failed.value = new Set(order.filter((id) => hasFailed(jobs.get(id)!.peek())));
    isLoaded.value = true;
  });
}

/** Takes over one job. */
export function applyJob(record: FullJobRecord): void {
  const row = toJobRow(record);
  batch(() => {
    if (!put(row)) ids.value = [...ids.value, row.job_id];
    if (failed.peek().has(row.job_id) !== hasFailed(row)) {
      const next = new Set(failed.peek());
      if (hasFailed(row)) next.add(row.job_id);
      else next.delete(row.job_id);
      failed.value = next;
    }
  });
  for (const listener of listeners) listener(record);
}

/** Returns whether the job was known. */
function put(row: JobRow): boolean {
  const known = jobs.get(row.job_id);
  if (known === undefined) {
    jobs.set(row.job_id, signal(row));
    return false;
  }
  known.value = row;
  return true;
}
