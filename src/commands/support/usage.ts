import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';

/** What is looked at of a command's flags. */
export type FlagTable = Readonly<
  Record<string, { readonly type: string; readonly env?: string | undefined }>
>;

const YES_OR_NO = ['1', 'true', 'y', 'yes', '0', 'false', 'n', 'no'];

/**
 * What oclif says of a wrong command line, on one line and in the user's words: flags with their dashes,
 * and commands as they are typed.
 */
export function usageMessage(message: string): string {
  return message
    .replace(/\s*See more help with --help\s*$/u, '')
    .replace(/^The following errors? occurred:\s+/u, '')
    .replace(/Missing required flag (?=\w)/gu, 'Missing required flag --')
    .replace(/^Parsing (--\S+)\s+Expected/u, '$1: expected')
    .replace(
      /^command (.+) not found$/u,
      (_all, id: string) => `There is no command "${id.replaceAll(':', ' ')}"`,
    )
    .trim();
}

/** Adds the name of the variable when the flag that the message is about was not typed. */
export function withVariable(message: string, flags: FlagTable, argv: readonly string[]): string {
  const [, name = ''] = /--([a-z][a-z-]*)/u.exec(message) ?? [];
  const variable = flags[name]?.env;
  const typed = argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (typed || variable === undefined || !process.env[variable]) return message;
  return `${message} (from the environment variable ${variable})`;
}

/**
 * oclif takes whatever it does not know for "no".
 * @throws UserError for a variable of a flag that is on or off, and that is neither
 */
export function checkSwitches(
  flags: FlagTable,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  for (const [name, { type, env }] of Object.entries(flags)) {
    const value = env === undefined ? undefined : environment[env];
    if (type !== 'boolean' || !value || YES_OR_NO.includes(value.toLowerCase())) continue;
    throw wrongUsage(`The environment variable ${env} (--${name}) is "${value}".`, 'Expected true or false.');
  }
}

/**
 * An empty name of a folder is the current one for some calls and none for others, and comes from a
 * variable of a script that was not set.
 * @throws UserError for a flag that was given without anything in it
 */
export function checkNotEmpty(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value !== '') continue;
    throw wrongUsage(`--${name} is empty.`, 'Give it a value, or leave it out.');
  }
}

function wrongUsage(message: string, hint: string): UserError {
  return new UserError({ code: 'USAGE', message, hint, exitCode: ExitCode.usage });
}
