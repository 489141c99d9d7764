import type { Cause } from './cause.ts';

/**
 * Ends an attempt at a job. Thrown by the stages of the worker, and turned into the ERROR (or the
 * return) of the job in one place. The message is for the person who looks at 3 a.m.: what was
 * found, where, and what it means. The name is a literal because minification renames classes.
 */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure';
  readonly failureCause: Cause;
  /** What to do next, when there is something to do. */
  readonly hint: string | undefined;

  constructor(failureCause: Cause, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.failureCause = failureCause;
    this.hint = options.hint;
  }
}
