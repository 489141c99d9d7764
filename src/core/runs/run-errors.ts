import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';

/** The error for a data directory in which there is nothing to read. */
export function unreadable(dataDir: string, error: unknown): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  const isNone = code === 'ENOENT' || code === 'ENOTDIR';
  return new UserError({
    code: isNone ? 'NO_DATA_DIR' : 'DATA_DIR_UNREADABLE',
    message: isNone
      ? `${dataDir} is no data directory of an orchestrator: there is no folder "runs" in it.`
      : `The data directory ${dataDir} cannot be read: ${message}`,
    hint: isNone
      ? 'Give the directory that `replay serve --data-dir` was given, replay-data unless it was told otherwise.'
      : 'Run this as the user that the orchestrator runs as, or copy the directory.',
    exitCode: ExitCode.unreachable,
    cause: error,
  });
}

/** The error for a run of which not even the slices can be read. */
export function damagedRun(runId: number, what: string): UserError {
  return new UserError({
    code: 'RUN_DAMAGED',
    message: `Run ${runId} is damaged: ${what}`,
    hint: 'Nothing can be said of it. Restore its folder from a backup.',
    exitCode: ExitCode.unreachable,
  });
}

/** The error for a number under which there is no run. @param where with its preposition */
export function noSuchRun(runId: number | null, where: string): UserError {
  return new UserError({
    code: 'RUN_NOT_FOUND',
    message: runId === null ? `There is no run ${where}.` : `There is no run ${runId} ${where}.`,
    hint: runId === null ? 'A run begins with the first `replay serve`.' : 'See `replay runs list`.',
    exitCode: ExitCode.unreachable,
  });
}
