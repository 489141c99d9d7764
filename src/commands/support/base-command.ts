import { Command, type Interfaces } from '@oclif/core';
import { checkNotEmpty, checkSwitches, explainUsage, isUsageError, type FlagTable } from './usage.ts';

type FlagOutput = Interfaces.OutputFlags<Interfaces.FlagInput>;
type ArgOutput = Interfaces.OutputArgs<Interfaces.ArgInput>;

/**
 * What all commands share: errors go up to one place (`present-error.ts`) that prints them, as JSON
 * under --json, and sets the exit code. oclif would print its whole configuration instead.
 */
export abstract class BaseCommand extends Command {
  protected override async parse<F extends FlagOutput, B extends FlagOutput, A extends ArgOutput>(
    options: Interfaces.Input<F, B, A>,
    argv: string[] = this.argv,
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const flags: FlagTable = options.flags ?? {};
    checkSwitches(flags, process.env);
    const parsed = await super.parse(options, argv).catch((error: Error) => {
      const command = (this.id ?? '').replaceAll(':', ' ');
      throw isUsageError(error) ? explainUsage(error, { command, flags, argv }) : error;
    });
    checkNotEmpty(parsed.flags);
    return parsed;
  }

  protected override async catch(error: Error): Promise<never> {
    throw error;
  }

  /** Prints a result for programs: two-space JSON on stdout. */
  protected printJson(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }
}
