import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { HistoryRecord } from '../../protocol/history-record.ts';
import type { SummaryRecord } from '../../protocol/summary-record.ts';
import { getJson } from './api.ts';
import { timeNow } from './clock.ts';
import { summary } from './store.ts';

/** How the run went, in columns of one length; null where nothing was recorded. */
export interface Course {
  /** Seconds since 1970. */
  times: readonly number[];
  blocksPerSecond: readonly (number | null)[];
  jobsDone: readonly (number | null)[];
  jobsFailed: readonly (number | null)[];
}

const loaded = signal<{ record: HistoryRecord; course: Course } | null>(null);
const shown = signal<Course | null>(null);

/** What was recorded, and what has come since: it grows with every summary. null until it was read. */
export const course: ReadonlySignal<Course | null> = shown;

/** Reads what was recorded; for the beginning, and after a time without a connection. */
export async function loadCourse(): Promise<void> {
  const record = await getJson<HistoryRecord>('/history');
  const { times, blocks_per_second, jobs_done, jobs_failed } = record;
  loaded.value = {
    record,
    course: { times, blocksPerSecond: blocks_per_second, jobsDone: jobs_done, jobsFailed: jobs_failed },
  };
}

/** The run goes on where what was recorded ends: nobody has to ask again. */
effect(() => {
  if (loaded.value === null || summary.value === null) return;
  const { record, course } = loaded.value;
  const time = Math.floor(timeNow().getTime() / 1000);
  const next = withPoint(course, time, summary.value);
  shown.value = next;
  const last = course.times.at(-1) ?? 0;
  if (time - last >= record.interval_seconds) loaded.value = { record, course: next };
});

function withPoint(course: Course, time: number, now: SummaryRecord): Course {
  const last = course.times.at(-1);
  // Clocks differ: what would lie before the last point is not told.
  if (last !== undefined && time <= last) return course;
  return {
    times: [...course.times, time],
    blocksPerSecond: [...course.blocksPerSecond, now.blocks_per_second ?? 0],
    jobsDone: [...course.jobsDone, now.statuses.COMPLETE],
    jobsFailed: [...course.jobsFailed, now.jobs_failed],
  };
}
