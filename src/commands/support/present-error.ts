import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { isUsageError, type OclifError, usageMessage } from './usage.ts';

/** An error in the form that all commands show it. */
export interface ErrorView {
  /** Stable, for programs. */
  code: string;
  message: string;
  hint: string | null;
  exitCode: number;
}

/**
 * Says what an error is to its reader: the user's own (a wrong flag, a bad file, an orchestrator
 * that cannot be reached), or a defect of this program, which has exit code 70.
 */
export function viewError(error: unknown): ErrorView {
  if (error instanceof UserError) {
    return { code: error.code, message: error.message, hint: error.hint ?? null, exitCode: error.exitCode };
  }
  const candidate = error as OclifError;
  if (isUsageError(candidate)) {
    return {
      code: 'USAGE',
      message: usageMessage(candidate.message),
      hint: '`replay --help` lists the commands.',
      exitCode: ExitCode.usage,
    };
  }
  return {
    code: 'BUG',
    message: `Unexpected failure: ${candidate?.message ?? String(error)}`,
    hint: 'This is a defect of replay. Run again with REPLAY_DEBUG=1 for the stack trace, and report it with the command line.',
    exitCode: ExitCode.bug,
  };
}

/**
 * Prints an error (as JSON on stdout under --json) and sets the exit code.
 * @param isJsonDefault whether it is JSON when the command line does not say so
 */
export function presentError(
  error: unknown,
  argv: readonly string[],
  isJsonDefault: () => boolean = () => false,
): void {
  const exit = plainExit(error);
  if (exit !== null) {
    process.exitCode = exit;
    return;
  }
  const view = viewError(error);
  process.exitCode = view.exitCode;
  if (wantsJson(argv) || isJsonDefault()) {
    const { code, message, hint } = view;
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint } }, null, 2)}\n`);
  } else {
    process.stderr.write(`Error: ${view.message}\n`);
    if (view.hint !== null) process.stderr.write(`${view.hint}\n`);
    process.stderr.write(`(${view.code})\n`);
  }
  if (process.env['REPLAY_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
}

/** oclif ends `--help` and `this.exit()` by throwing: nothing to print. */
function plainExit(error: unknown): number | null {
  const { code, oclif } = (error ?? {}) as OclifError;
  return code === 'EEXIT' ? (oclif?.exit ?? ExitCode.ok) : null;
}

/** `--format json` of a report is the same as `--json`. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  return words.some(
    (word, at) =>
      ['--json', '--format=json', '-fjson', '-f=json'].includes(word) ||
      (word === 'json' && ['--format', '-f'].includes(words[at - 1] ?? '')),
  );
}
