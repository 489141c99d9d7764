import { formatUtc } from '../../domain/time.ts';
import type { FullJobRecord } from '../../protocol/full-record.ts';
import { renderGlance } from '../glance.ts';
import { chooseJobs, type JobChoice } from '../status-choice.ts';
import { causeOf, progressOf } from '../status-columns.ts';
import { oneLine } from '../status-text.ts';
import type { WatchView } from './watch-view.ts';

export interface LineViewOptions {
  write: (text: string) => void;
  choice: JobChoice;
  now: () => Date;
}

/** How long nothing is said of the run as a whole. Milliseconds. */
const QUIET_MS = 60_000;

/** The run for a file or a pipe: a line for each job that changes more than its progress. */
export function lineView({ write, choice, now }: LineViewOptions): WatchView {
  let saidAt = Number.NEGATIVE_INFINITY;
  let isLost = false;
  const glance = (text: string): void => {
    saidAt = now().getTime();
    write(`${text}\n`);
  };
  const say = (text: string): void => write(`${formatUtc(now())}Z  ${text}\n`);
  return {
    show(change) {
      if (change.kind === 'lost') {
        if (!isLost) say(`not heard any more: ${oneLine(change.error.message)}; trying again`);
        isLost = true;
        return;
      }
      if (isLost) say('heard again');
      isLost = false;
      if (change.kind === 'read') glance(renderGlance(change.run.summary));
      if (change.kind === 'summary' && now().getTime() - saidAt >= QUIET_MS)
        glance(renderGlance(change.run.summary));
      if (change.kind !== 'job' || !isNews(change.job, change.before)) return;
      if (concerns(change.job, change.before, choice)) say(jobLine(change.job));
    },
    close: () => undefined,
  };
}

/** JSON for a program, one object a line. */
export function jsonView(write: (text: string) => void, choice: JobChoice): WatchView {
  const tell = (value: object): void => write(`${JSON.stringify(value)}\n`);
  return {
    show(change) {
      switch (change.kind) {
        case 'read': {
          const { summary, jobs } = change.run;
          tell({ type: 'run', summary, jobs: chooseJobs([...jobs.values()], choice) });
          return;
        }
        case 'job':
          if (concerns(change.job, change.before, choice)) tell({ type: 'job', job: change.job });
          return;
        case 'summary':
          tell({ type: 'summary', summary: change.run.summary });
          return;
        case 'lost':
          tell({ type: 'lost', message: change.error.message });
          return;
        default:
          change satisfies never;
      }
    },
    close: () => undefined,
  };
}

/** A job that does not belong to the chosen ones any more is told once more. */
function concerns(job: FullJobRecord, before: FullJobRecord | null, choice: JobChoice): boolean {
  return chooseJobs(before ? [job, before] : [job], choice).length > 0;
}

function isNews(job: FullJobRecord, before: FullJobRecord | null): boolean {
  return job.status !== before?.status || job.verdict !== before.verdict || job.attempt !== before.attempt;
}

function jobLine(job: FullJobRecord): string {
  const { job_id, replay_slice_id, status, verdict, worker_id, error_message, attempt } = job;
  const cause = causeOf(job);
  const parts = [
    `job ${job_id}`,
    `slice ${replay_slice_id}`,
    status,
    ...(verdict === null ? [] : [verdict]),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(worker_id === null ? [] : [`host ${worker_id}`]),
    `${progressOf(job).toFixed(1)} %`,
    ...(cause === null ? [] : [`cause ${cause}`]),
    ...(error_message === null ? [] : [error_message]),
  ];
  return oneLine(parts.join('  '));
}
