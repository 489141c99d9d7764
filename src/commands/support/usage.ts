import { ExitCode } from '../../core/domain/exit-codes.ts';
import { nearest } from '../../core/domain/nearest.ts';
import { UserError } from '../../core/domain/user-error.ts';

/** What is looked at of a command's flags. */
export type FlagTable = Readonly<
  Record<
    string,
    {
      readonly type: string;
      readonly env?: string | undefined;
      readonly allowNo?: boolean | undefined;
    }
  >
>;

/** A command line that was wrong. */
export interface WrongLine {
  /** The command as it is typed: `jobs retry`. */
  command: string;
  flags: FlagTable;
  argv: readonly string[];
}

/** What is looked at of an error of oclif. */
export interface OclifError extends Error {
  oclif?: { exit?: number };
  code?: string;
  parse?: unknown;
}

const YES_OR_NO = ['1', 'true', 'y', 'yes', '0', 'false', 'n', 'no'];

/** oclif's own errors (parsing, unknown command) carry an exit code of theirs; ours never do. */
export function isUsageError(error: OclifError | null | undefined): boolean {
  if (error?.code === 'EEXIT') return false;
  return error?.oclif?.exit !== undefined || error?.parse !== undefined;
}

/** Says of oclif's error about a command line what was wrong, and which flag or value was probably meant. */
export function explainUsage(error: Error, { command, flags, argv }: WrongLine): UserError {
  const meant = meantFlag(error, flags) ?? meantValue(error);
  const help = `\`replay ${command} --help\` has all flags and arguments.`;
  return wrongUsage(
    withVariable(usageMessage(error.message), flags, argv),
    meant === null ? help : `Did you mean ${meant}? ${help}`,
  );
}

/**
 * What oclif says of a wrong command line, on one line and in the user's words: flags with their dashes.
 */
export function usageMessage(message: string): string {
  return message
    .replace(/\s*See more help with --help\s*$/u, '')
    .replace(/^The following errors? occurred:\s+/u, '')
    .replace(/Missing required flag (?=\w)/gu, 'Missing required flag --')
    .replace(/^Parsing (--\S+)\s+Expected/u, '$1: expected')
    .replace(/^Nonexistent flag(s?):/u, 'Unknown flag$1:')
    .trim();
}

/** oclif's error about flags that are not there has them as they were typed. */
function meantFlag(error: Error, flags: FlagTable): string | null {
  const { flags: typed } = error as { flags?: unknown };
  if (!Array.isArray(typed)) return null;
  const names = Object.entries(flags).flatMap(([name, { allowNo }]) =>
    allowNo === true ? [name, `no-${name}`] : [name],
  );
  for (const word of typed) {
    const [name = ''] = String(word).replace(/^-+/u, '').split('=');
    const meant = String(word).startsWith('--') ? nearest(name, names) : null;
    if (meant !== null) return `--${meant}`;
  }
  return null;
}

/** `Expected --format=htm to be one of: text, html`, and the same of an argument: `Expected bahs to be …` */
function meantValue({ message }: Error): string | null {
  const [, flag, value, options] =
    /^Expected (?:(--[a-z-]+)=)?(.*) to be one of: (.*)$/mu.exec(message) ?? [];
  if (value === undefined || options === undefined) return null;
  const meant = nearest(value, options.split(', '));
  return meant === null || flag === undefined ? meant : `${flag} ${meant}`;
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
