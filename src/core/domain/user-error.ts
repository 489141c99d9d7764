import { ExitCode } from './exit-codes.ts';

export interface UserErrorDetails {
  /** Stable, upper-case, for programs: `MANIFEST_INVALID`. Never changes its meaning. */
  code: string;
  /** What was wrong, and where. One sentence, or one line for each mistake. */
  message: string;
  /** What to do next. */
  hint?: string;
  exitCode?: ExitCode;
  cause?: unknown;
}

/**
 * An error that a user can do something about. Everything else that is thrown is a defect of this
 * program and is reported as one. The name is a literal because minification renames classes.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(details: UserErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.hint = details.hint;
    this.exitCode = details.exitCode ?? ExitCode.failed;
  }
}
