import { Command } from '@oclif/core';

/**
 * What all commands share: errors go up to one place (`present-error.ts`) that prints them, as JSON
 * under --json, and sets the exit code. oclif would print its whole configuration instead.
 */
export abstract class BaseCommand extends Command {
  protected override async catch(error: Error): Promise<never> {
    throw error;
  }

  /** Prints a result for programs: two-space JSON on stdout. */
  protected printJson(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }
}
