import { AttemptFailure } from '../domain/attempt-failure.ts';
import type { Cause } from '../domain/cause.ts';
import type { Stage } from '../domain/job.ts';
import { UserError } from '../domain/user-error.ts';
import { diskProblem } from '../storage/free-space.ts';

export interface ReportedFailure {
  cause: Cause;
  /** With the hint, when there is one. */
  message: string;
  /** It is a defect of ours: the stack belongs into the log. */
  unexpected: boolean;
}

/** The cause for what no stage has explained. */
const CAUSE_OF_STAGE: Record<Stage, Cause> = {
  install: 'install',
  fetch: 'download',
  load: 'nodeos-crash',
  replay: 'nodeos-crash',
  hash: 'nodeos-crash',
};

/** What ended an attempt, as the job reports it. */
export function attemptFailureOf(error: unknown, stage: Stage): ReportedFailure {
  if (error instanceof AttemptFailure) {
    return { cause: error.failureCause, message: withHint(error), unexpected: false };
  }
  const disk = diskProblem(error);
  const text = error instanceof Error ? error.message : String(error);
  if (disk !== null) return { cause: 'disk-full', message: `${disk} (${text})`, unexpected: false };
  // Something in the slice or the worker's flags that only shows when it is used.
  if (error instanceof UserError) return { cause: 'bad-job', message: withHint(error), unexpected: false };
  return {
    cause: CAUSE_OF_STAGE[stage],
    message: `Unexpected failure in stage ${stage}: ${text}`,
    unexpected: true,
  };
}

function withHint({ message, hint }: { message: string; hint: string | undefined }): string {
  return hint === undefined ? message : `${message.replace(/[.\s]*$/, '')}. ${hint}`;
}
