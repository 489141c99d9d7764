import type { Step, View } from './view.ts';
import { describeEnd, describeJob, describeProgress, STEP_NAMES } from './wording.ts';

/** Progress lines of one step are this far apart: a log that is kept should not fill with them. */
export const LINE_INTERVAL_MS = 30_000;

/** Plain lines, one an event, for a pipe or a service's log. Whoever collects them adds the time. */
export function createLineView(write: (line: string) => void, now: () => number): View {
  let job = '';
  const shownAt = new Map<Step, number>();
  const line = (text: string): void => write(`${text}\n`);
  return {
    notice: line,
    jobBegins(title) {
      job = `job ${title.jobId}`;
      shownAt.clear();
      line(describeJob(title));
    },
    stepBegins(step) {
      shownAt.set(step, now());
      line(`${job}: ${STEP_NAMES[step]}`);
    },
    stepProgress(step, progress) {
      const last = shownAt.get(step);
      if (last !== undefined && now() - last < LINE_INTERVAL_MS) return;
      shownAt.set(step, now());
      line(`${job}: ${STEP_NAMES[step]}  ${describeProgress(progress, { bar: false })}`);
    },
    stepEnds(step, remark) {
      line(`${job}: ${STEP_NAMES[step]} done${remark === undefined ? '' : `, ${remark}`}`);
    },
    jobEnds(title, end, durationMs) {
      line(describeEnd(title, end, durationMs));
    },
    close: () => Promise.resolve(),
  };
}
