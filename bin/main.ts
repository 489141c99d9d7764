import { flush, run } from '@oclif/core';
import { COMMANDS } from '../src/commands/index.ts';
import { wantsJsonByDefault } from '../src/commands/support/defaults/json-errors.ts';
import { presentError } from '../src/commands/support/present-error.ts';
import { explainUnknownCommand } from '../src/commands/support/unknown-command.ts';
import { loadConfig } from './cli-config.ts';

/**
 * Runs the program with the given arguments and leaves its outcome in `process.exitCode`.
 * It never calls `process.exit()`: that would cut piped output at 64 KiB.
 */
export async function main(argv: string[]): Promise<void> {
  endQuietlyWhenReaderLeaves();
  endOnDefect(argv);
  try {
    await run(argv, await loadConfig());
    await flush();
  } catch (error) {
    present(explainUnknownCommand(error, Object.keys(COMMANDS)), argv);
  }
}

function present(error: unknown, argv: readonly string[]): void {
  presentError(error, argv, () => wantsJsonByDefault(argv, COMMANDS, process.env));
}

/** `replay status | head` closes our stdout: that is no error of ours, and nobody is left to tell. */
function endQuietlyWhenReaderLeaves(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
}

/**
 * An error that nobody awaited leaves the program in a state that nobody thought of: it says so and
 * ends. Without this the single file would print it and go on.
 */
function endOnDefect(argv: string[]): void {
  const end = (error: unknown): void => {
    present(error, argv);
    process.exit(process.exitCode);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
