import { Command, type Interfaces } from '@oclif/core';
import { dropContradicted, withFileDefaults } from './defaults/apply.ts';
import { checkValue } from './defaults/check-value.ts';
import { commandFlags } from './defaults/command-flags.ts';
import type { FlagSpecs } from './defaults/flag-spec.ts';
import { settingsOf } from './defaults/layers.ts';
import { type DefaultsFile, loadDefaults } from './defaults/load.ts';
import { defaultsPlaces } from './defaults/places.ts';
import { checkNotEmpty, checkSwitches, explainUsage, isUsageError } from './usage.ts';

type FlagOutput = Interfaces.OutputFlags<Interfaces.FlagInput>;
type ArgOutput = Interfaces.OutputArgs<Interfaces.ArgInput>;

/**
 * What all commands share. Flags have their values from the command line, the environment, the files with
 * defaults, and what is built in, in this order. Errors go up to one place (`present-error.ts`) that prints
 * them, as JSON under --json, and sets the exit code. oclif would print its whole configuration instead.
 */
export abstract class BaseCommand extends Command {
  protected override async parse<F extends FlagOutput, B extends FlagOutput, A extends ArgOutput>(
    options: Interfaces.Input<F, B, A>,
    argv: string[] = this.argv,
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const command = (this.id ?? '').replaceAll(':', ' ');
    const flags: FlagSpecs = options.flags ?? {};
    checkSwitches(flags, process.env);
    // Where there is nothing to set, a file that is wrong is no reason to refuse.
    const files = Object.keys(flags).length === 0 ? [] : await this.defaultsFiles();
    const settings = settingsOf(command, flags, files, process.env);
    const filled = { ...options, flags: (await withFileDefaults(flags, settings)) as typeof options.flags };
    const parsed = await super.parse(filled, argv).catch((error: Error) => {
      throw isUsageError(error) ? explainUsage(error, { command, flags, argv }) : error;
    });
    dropContradicted(parsed, flags, settings);
    checkNotEmpty(parsed.flags);
    return parsed;
  }

  /** @throws UserError for the mistakes in them */
  protected defaultsFiles(): Promise<DefaultsFile[]> {
    return loadDefaults(defaultsPlaces(process.env), () => commandFlags(this.config));
  }

  /** What is set for a flag of another command, as text; undefined: nothing, or what is built in. */
  protected async settingOf(command: string, name: string): Promise<string | undefined> {
    const flags = (await commandFlags(this.config)).get(command) ?? {};
    const setting = settingsOf(command, flags, await this.defaultsFiles(), process.env).get(name);
    const flag = flags[name];
    if (setting === undefined || flag === undefined || setting.source === 'built-in') return undefined;
    const checked =
      setting.file === null ? setting : await checkValue(name, setting.value, flag, setting.file);
    const value = 'value' in checked ? checked.value : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }

  protected override async catch(error: Error): Promise<never> {
    throw error;
  }

  /** Prints a result for programs: two-space JSON on stdout. */
  protected printJson(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }
}
